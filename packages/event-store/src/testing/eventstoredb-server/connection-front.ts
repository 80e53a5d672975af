import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The server's own door, which a test can shut: a gRPC server does not let go of connections. */
export type ConnectionFront = Readonly<{
  port: number;
  /** Ends every connection. */
  cut: () => void;
  /** Takes no new ones until `open`. */
  shut: () => void;
  open: () => void;
  close: () => Promise<void>;
}>;

export async function connectionFront(serverPort: number): Promise<ConnectionFront> {
  const sockets = new Set<Socket>();
  let isShut = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  // Without the delay of small packets, which would add 40 ms to every call.
  const front = createServer({ noDelay: true }, (near) => {
    if (isShut) return void near.destroy();
    const far = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    keep(near);
    keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  return {
    port: (front.address() as AddressInfo).port,
    cut,
    shut: () => {
      isShut = true;
    },
    open: () => {
      isShut = false;
    },
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        cut();
      }),
  };
}

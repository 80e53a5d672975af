import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can close: what goes through it sees the server go away. */
export type CuttableProxy = Readonly<{
  /** The address to use instead of the server's. */
  url: string;
  /** Ends every connection and refuses new ones. */
  cut: () => Promise<void>;
  restore: () => Promise<void>;
  /**
   * Leaves every connection half open, for good: nothing more comes through, in either direction,
   * and neither end learns of it or of the other's end. New connections pass. Returns how many.
   */
  silence: () => number;
  close: () => Promise<void>;
}>;

type Pair = Readonly<{ near: Socket; far: Socket }>;

export async function cuttableProxy(serverUrl: string): Promise<CuttableProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const passing = new Set<Pair>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    const far = connect(Number.parseInt(target.port, 10), target.hostname);
    const pair: Pair = { near, far };
    passing.add(pair);
    const end = (): void => {
      if (!passing.delete(pair)) return;
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      keep(socket);
      socket.on('close', end);
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const silence = (): number => {
    const silenced = [...passing];
    passing.clear();
    for (const { near, far } of silenced) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
    return silenced.length;
  };

  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${address.port}`;
  return {
    url: url.toString(),
    cut,
    silence,
    close: cut,
    restore: () => listen(address.port),
  };
}

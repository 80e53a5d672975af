import { connect, Socket } from 'node:net';
import { connect as connectWithTls, type ConnectionOptions } from 'node:tls';

export type SeverableSockets = Readonly<{
  socketFactory: (
    address: Readonly<{
      host: string;
      port: number;
      ssl?: ConnectionOptions;
      onConnect: () => void;
    }>,
  ) => Socket;
  /** Cuts every connection and lets no new one through, as the death of the process does. */
  sever: () => void;
  /** Cuts every connection; new ones get through. */
  cut: () => void;
  /** Nothing more is heard on the connections that are there, and nobody says so; new ones work. */
  silence: () => void;
}>;

/** For tests: the network of one simulated process. */
export function severableSockets(): SeverableSockets {
  const sockets = new Set<Socket>();
  let isSevered = false;
  const cut = () => {
    for (const socket of sockets) socket.destroy(new Error('cut'));
    sockets.clear();
  };
  return {
    cut,
    silence: () => {
      for (const socket of sockets) socket.removeAllListeners('data').pause();
      sockets.clear();
    },
    sever: () => {
      isSevered = true;
      cut();
    },
    socketFactory: ({ host, port, ssl, onConnect }) => {
      if (isSevered) {
        const dead = new Socket();
        setImmediate(() => dead.destroy(new Error('severed')));
        return dead;
      }
      const socket = ssl
        ? connectWithTls({ host, port, ...ssl }, onConnect)
        : connect({ host, port }, onConnect);
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      return socket;
    },
  };
}

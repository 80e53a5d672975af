import { createServer } from 'node:net';

/**
 * A port that was free a moment ago. Processes are told their ports beforehand, so that one that is
 * started again is found where it was.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      server.close(() => (port === undefined ? reject(new Error('No free port')) : resolve(port)));
    });
  });
}

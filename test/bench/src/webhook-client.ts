import { Agent, request } from 'node:http';

// Connections are kept, as providers keep theirs; more only wait for the two cores.
const socketsMax = 256;

/** Posts webhooks over kept connections and resolves when the answer has been read. */
export function webhookClient(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  const target = new URL(origin);
  return {
    post: (path: string, headers: Readonly<Record<string, string>>, body: Uint8Array) =>
      new Promise<number>((resolve, reject) => {
        const sending = request(
          {
            agent,
            host: target.hostname,
            port: target.port,
            path,
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'content-length': body.byteLength,
              ...headers,
            },
          },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode ?? 0));
            answer.on('error', reject);
          },
        );
        sending.on('error', reject);
        sending.end(body);
      }),
    close: () => agent.destroy(),
  };
}

import { Agent, request } from 'node:http';

export type WebhookAnswer = Readonly<{ status: number; body: string }>;

/** Posts webhooks over kept connections, as providers do. */
export type WebhookClient = Readonly<{
  /** Rejects where no answer came in time. */
  post: (
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ) => Promise<WebhookAnswer>;
  close: () => void;
}>;

/**
 * As few as a provider keeps open. A busy Node server accepts one new connection in each turn of its
 * event loop, so many at once would measure that and not the system.
 */
const socketsMax = 32;
/** The longest that any of the four providers waits for an answer. */
const answerTimeoutMs = 30_000;

export function webhookClient(origin: string): WebhookClient {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax });
  return {
    post: (path, headers, body) =>
      new Promise((resolve, reject) => {
        const sending = request(
          new URL(path, origin),
          {
            agent,
            method: 'POST',
            timeout: answerTimeoutMs,
            headers: {
              'content-type': 'application/json',
              'content-length': body.byteLength,
              ...headers,
            },
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('error', reject);
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                body: Buffer.concat(chunks).toString('utf8'),
              }),
            );
          },
        );
        sending.on('timeout', () => sending.destroy(new Error('No answer in time.')));
        sending.on('error', reject);
        sending.end(body);
      }),
    close: () => agent.destroy(),
  };
}

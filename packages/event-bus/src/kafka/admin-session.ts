import type { Clock, Logger } from '@counterfoil/runtime';
import type { Admin } from 'kafkajs';
import { kafkaClient, type KafkaConnection } from './kafka-client.ts';
import { isRefusedByBroker } from './refused-by-broker.ts';
import { within } from './within.ts';

/** One connection for what is asked now and then. */
export interface AdminSession {
  /**
   * Asks, and asks once more over a new connection when the first answer is a fault or does not come:
   * kafkajs goes on asking a broker that leads a partition no more, and on a half-open connection.
   * The work may then be done twice.
   */
  readonly use: <Value>(work: (admin: Admin) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
}

/** Longer than a broker that is well takes; one that is busy is given its time when asked again. */
const firstAnswerTimeoutMs = 5_000;
const closeTimeoutMs = 5_000;

export function adminSession(
  options: Readonly<{ connection: KafkaConnection; clock: Clock; logger: Logger }>,
): AdminSession {
  let session: Promise<Admin> | null = null;

  return {
    use: async (work) => {
      const used = open();
      try {
        return await inTime(used.then(work));
      } catch (error) {
        if (isRefusedByBroker(error)) throw error;
        drop(used);
        const fresh = open();
        try {
          return await work(await fresh);
        } catch (again) {
          drop(fresh);
          throw again;
        }
      }
    },
    close: async () => {
      const last = session;
      session = null;
      if (last) await end(last);
    },
  };

  /** What comes after all is nobody's any more. */
  async function inTime<Value>(answer: Promise<Value>): Promise<Value> {
    const settled = new AbortController();
    const late = options.clock.sleep(firstAnswerTimeoutMs, settled.signal).then((): never => {
      throw new Error(`No answer in ${firstAnswerTimeoutMs} ms`);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      settled.abort();
    }
  }

  function open(): Promise<Admin> {
    session ??= connect();
    return session;
  }

  async function connect(): Promise<Admin> {
    const admin = kafkaClient(options.connection, options.logger).admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => {});
      throw error;
    }
  }

  /** Others may be using it still: they get a fault and ask again. */
  function drop(used: Promise<Admin>): void {
    if (session === used) session = null;
    void end(used);
  }

  async function end(used: Promise<Admin>): Promise<void> {
    const ended = used.then((admin) => admin.disconnect()).catch(() => {});
    await within(closeTimeoutMs, ended, options.clock);
  }
}

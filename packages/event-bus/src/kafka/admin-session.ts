import type { Clock, Logger } from '@counterfoil/runtime';
import type { Admin } from 'kafkajs';
import { kafkaClient, type KafkaConnection } from './kafka-client.ts';
import { isRefusedByBroker } from './refused-by-broker.ts';
import { within } from './within.ts';

/** One connection for what is asked now and then. */
export interface AdminSession {
  /**
   * Asks, and asks once more over a new connection when the first answer is a fault: kafkajs goes on
   * asking a broker that leads a partition no more.
   */
  readonly use: <Value>(work: (admin: Admin) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
}

const closeTimeoutMs = 5_000;

export function adminSession(
  options: Readonly<{ connection: KafkaConnection; clock: Clock; logger: Logger }>,
): AdminSession {
  let session: Promise<Admin> | null = null;

  return {
    use: async (work) => {
      const used = open();
      try {
        return await work(await used);
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

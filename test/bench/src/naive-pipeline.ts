import { createServer } from 'node:http';
import type { Database } from '@counterfoil/runtime';

export const naivePipelineSchema = `
  create table naive_wallets (wallet_id text primary key, available numeric not null);
  create table naive_webhooks (
    delivery_id text primary key, wallet_id text not null, body json not null,
    received_at timestamptz not null default now());`;

type Told = Readonly<{
  id?: string;
  event: string;
  data: Readonly<{
    id?: string;
    wallet_id?: string;
    payment_id?: string;
    withdrawal_id?: string;
    status?: string;
    amount?: number | string;
    fee?: number | string;
  }>;
}>;

/** What most would write first: each webhook is one database transaction, and then answered. */
export async function naivePipeline(database: Database) {
  const post = (body: string) =>
    database.transaction(async (session) => {
      const { id, event, data } = JSON.parse(body) as Told;
      const wallet = data.wallet_id ?? data.id;
      const stored = await session.query(
        'insert into naive_webhooks (delivery_id, wallet_id, body) values ($1, $2, $3) on conflict do nothing',
        [id ?? `${data.withdrawal_id} ${data.status}`, wallet, body],
        { name: 'naive_store' },
      );
      if (stored.rowCount === 0 || data.status !== 'completed') return;
      // `status_changed` says again what an event of its own has said.
      if (event === 'withdrawal.status_changed') return;
      const amount =
        data.payment_id === undefined ? -(Number(data.amount) + Number(data.fee)) : data.amount;
      await session.query(
        `insert into naive_wallets values ($1, $2)
         on conflict (wallet_id) do update set available = naive_wallets.available + excluded.available`,
        [wallet, amount],
        { name: 'naive_credit' },
      );
    });
  const server = createServer((request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      post(Buffer.concat(parts).toString()).then(
        () => answer.end('{}'),
        () => answer.writeHead(503).end(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

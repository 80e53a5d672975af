import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@counterfoil/runtime/testing';
import { type Running, run } from '@counterfoil/standalone';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { untilAtRest } from '../support/at-rest.ts';
import { balancesAt } from '../support/balances.ts';
import { commandLine } from '../support/command-line.ts';
import { type HttpApi, httpApi } from '../support/http-api.ts';
import { fundAccount } from '../support/open-accounts.ts';
import { adminApiKey, systemEnvironment } from '../support/running-system.ts';

// Several starts, on cores that others use too.
const timeoutMs = 90_000;

let database: TestDatabase;
let dataDir: string;
beforeEach(async () => {
  database = await testDatabase({ connectionsMax: 2 });
  dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-e2e-'));
});
afterEach(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const environmentOf = (store: 'memory' | 'postgres') => ({
  ...systemEnvironment(database.url, dataDir),
  EVENT_STORE: store,
  EVENT_BUS: store,
});

/** A system on the same database as those before it, for as long as `work` takes. */
async function started<Value>(
  store: 'memory' | 'postgres',
  work: (api: HttpApi, running: Running) => Promise<Value>,
): Promise<Value> {
  const running = await run(environmentOf(store));
  try {
    return await work(httpApi(running.url, adminApiKey), running);
  } finally {
    await running.lifecycle.stop('the test goes on');
  }
}

async function fundedAccount(api: HttpApi, accountId: string): Promise<void> {
  await api.post('/v1/accounts', { accountId, kind: 'player' });
  await fundAccount(api, { accountId, asset: 'USD', amount: '5' });
}

test(
  'a log in memory that begins again takes the read models with it',
  async () => {
    await started('memory', (api) => fundedAccount(api, 'm1'));
    await started('memory', async (api) => {
      expect(await api.list('/v1/events')).toEqual([]);
      expect(await api.list('/v1/accounts')).toEqual([]);
      await fundedAccount(api, 'm2');
      expect(await api.list('/v1/accounts')).toMatchObject([
        { accountId: 'm2', balances: [{ available: '5.00' }] },
      ]);
    });
  },
  timeoutMs,
);

test(
  'a log in memory is refused where another log is kept',
  async () => {
    await started('postgres', (api) => fundedAccount(api, 'p1'));
    await expect(started('memory', async () => {})).rejects.toThrow('this database keeps a log');
    await started('postgres', async (api) =>
      expect(await api.list('/v1/accounts')).toMatchObject([{ accountId: 'p1' }]),
    );
  },
  timeoutMs,
);

test(
  'a log that was restored to an earlier point is refused until the models are derived from it',
  async () => {
    const { position, balances } = await started('postgres', async (api) => {
      await fundedAccount(api, 'p1');
      const at = await untilAtRest(database.database);
      const before = { position: at, balances: await balancesAt(api, at) };
      await fundedAccount(api, 'p2');
      return before;
    });
    await database.database.query(
      `delete from counterfoil_log.events where stream_id = 'account-p2'`,
    );
    await expect(started('postgres', async () => {})).rejects.toThrow('rebuild --all');
    await commandLine(environmentOf('postgres')).json('rebuild', '--all');
    await started('postgres', async (api) =>
      expect(await balancesAt(api, position)).toEqual(balances),
    );
  },
  timeoutMs,
);

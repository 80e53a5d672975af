import { mkdtemp, mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLogger } from '../../logger.ts';
import { systemClock } from '../../system-clock.ts';
import { postgresDatabase } from '../pool.ts';
import { DatabaseUnobtainable, embeddedPostgres } from './embedded-postgres.ts';
import { restoreLinks } from './postgres-binaries.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'counterfoil-embedded-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const start = () => embeddedPostgres({ dataDir, clock: systemClock(), logger: silentLogger });

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const database = postgresDatabase({ url, connectionsMax: 1, applicationName: 'test' });
  try {
    return (await database.query(text)).rows;
  } finally {
    await database.close();
  }
}

const serverPid = async () =>
  Number.parseInt(await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);

test('the server is durable, is shared by its users, and ends with the last of them', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(second.url).toBe(first.url);
  const settings = await ask(
    first.url,
    "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as waits",
  );
  expect(settings).toEqual([{ fsync: 'on', waits: 'on' }]);
  await first.stop();
  expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await second.stop();
  await expect(ask(second.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
}, 60_000);

test('a server that was killed comes back at its address with what it had', async () => {
  const server = await start();
  await ask(server.url, 'create table kept as select 7 as seven');
  process.kill(await serverPid(), 'SIGKILL');
  const answer = () => ask(server.url, 'select seven from kept').catch(() => null);
  await expect.poll(answer, { timeout: 30_000 }).toEqual([{ seven: 7 }]);
  await server.stop();
}, 60_000);

test('a stale lock file that names some other process does not keep the server from starting', async () => {
  await (await start()).stop();
  const stale = [process.pid, '/elsewhere', 1, 5999, '', '127.0.0.1', '', 'ready'].join('\n');
  await writeFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), stale);
  const server = await start();
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
}, 60_000);

test('where it cannot be started the message names the three ways to get a database', async () => {
  const file = join(dataDir, 'a-file');
  await writeFile(file, '');
  const failing = embeddedPostgres({ dataDir: file, clock: systemClock(), logger: silentLogger });
  await expect(failing).rejects.toThrow(DatabaseUnobtainable);
  await expect(failing).rejects.toThrow(/DATABASE_URL=[^]*npm install[^]*docker run/);
});

test('library links that no install script made are made at start', async () => {
  await mkdir(join(dataDir, 'native', 'lib'), { recursive: true });
  await writeFile(join(dataDir, 'native', 'lib', 'libx.so.6.1'), '');
  await writeFile(
    join(dataDir, 'native', 'pg-symlinks.json'),
    '[{"source":"native/lib/libx.so.6.1","target":"native/lib/libx.so.6"}]',
  );
  await restoreLinks(dataDir);
  await restoreLinks(dataDir);
  expect(await readlink(join(dataDir, 'native', 'lib', 'libx.so.6'))).toBe('libx.so.6.1');
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { accountCategory } from '@counterfoil/ledger';
import { eventLogMigrations } from '@counterfoil/event-store';
import { migrate, systemClock } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import type { BenchRow } from './bench-row.ts';
import { authorizationOf, openCardAccount } from './card-account.ts';
import { clusterBench } from './cluster-bench.ts';
import { commandHandlerBench, rowLockAtSaturation } from './command-handler-bench.ts';
import { eventStoreBench } from './event-store-bench.ts';
import { eventStoreDbBench } from './eventstoredb-bench.ts';
import { naiveSchema } from './naive-append.ts';
import { naivePipelineSchema } from './naive-pipeline.ts';
import { pipelineBench } from './pipeline-bench.ts';
import { makeWalFiles } from './wal-files.ts';

const clock = systemClock();

/** Each on databases of its own, one after the other: two cores are shared by client and server. */
const benches: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  'event-store': () =>
    withDatabase(naiveSchema, (database) => eventStoreBench({ database, clock })),
  'hot-account': () =>
    withDatabase('', (database) =>
      commandHandlerBench({
        database,
        baseline: (timing) =>
          withDatabase(naiveSchema, (naive) => rowLockAtSaturation(naive, timing)),
        clock,
        category: accountCategory,
        prepare: openCardAccount(clock),
        placeHold: () => authorizationOf(clock),
      }),
    ),
  eventstoredb: () =>
    eventStoreDbBench({
      clock,
      category: accountCategory,
      prepare: openCardAccount(clock),
      placeHold: () => authorizationOf(clock),
    }),
  pipeline: () =>
    withDatabase(naivePipelineSchema, async (naiveDatabase) => {
      const own = await testDatabase();
      try {
        return await pipelineBench({ databaseUrl: own.url, naiveDatabase, clock });
      } finally {
        await own.drop();
      }
    }),
  cluster: async () => {
    const [embedded, clustered] = [await testDatabase(), await testDatabase()];
    try {
      return await clusterBench({ embedded, clustered, clock });
    } finally {
      await Promise.all([embedded.drop(), clustered.drop()]);
    }
  },
};

async function withDatabase<Value>(
  schema: string,
  work: (database: Awaited<ReturnType<typeof testDatabase>>['database']) => Promise<Value>,
): Promise<Value> {
  const own = await testDatabase();
  try {
    await migrate(own.database, eventLogMigrations());
    await own.database.query(schema);
    return await work(own.database);
  } finally {
    await own.drop();
  }
}

const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

function print(rows: readonly BenchRow[]): void {
  const cells = [
    ['what', 'load', 'per second', 'median ms', 'p99', 'p99.9', 'max', 'ratio'],
    ...rows.map(({ name, load, perSecond, latencyMs, ratio }) => [
      name,
      load,
      perSecond.toFixed(0),
      milliseconds(latencyMs.median),
      milliseconds(latencyMs.p99),
      milliseconds(latencyMs.p999),
      milliseconds(latencyMs.max),
      ratio === null ? '' : `${ratio.toFixed(2)}x`,
    ]),
  ];
  const widths = (cells[0] ?? []).map((_cell, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of cells) {
    const padded = line.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${padded.join('  ').trimEnd()}\n`);
  }
}

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.\n`,
  );
  process.exit(2);
}
const names = wanted.length === 0 ? Object.keys(benches) : wanted;
const [only] = names;
if (names.length === 1 && only !== undefined) {
  if (!(await withDatabase('', makeWalFiles)))
    process.stderr.write(
      'WAL files are made while it is measured: this role may not do so before.\n',
    );
  process.stdout.write(`\n${only}\n`);
  print((await benches[only]?.()) ?? []);
  process.exit(0);
}
// Each in a process of its own: what one has left in memory would be the next one's garbage.
for (const name of names) {
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), name],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}

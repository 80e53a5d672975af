import type { SimulationReport } from '@counterfoil/provider-simulator';
import type { Output } from '../output.ts';

/** What the providers did and what came of it, as tables. */
export function printSimulation(output: Output, report: SimulationReport): void {
  const { providers, acknowledgementMs, authorizationMs, checks } = report;
  output.line(`Seed ${report.seed}, run ${report.run}`);
  output.table(
    ['', ...Object.keys(providers)],
    rows.map(([title, count]) => [
      title,
      ...Object.values(providers).map((counts) => `${counts[count]}`),
    ]),
  );
  output.line(
    `\n${report.deliveries} deliveries, ${report.perSecond} a second; latency in milliseconds`,
  );
  output.table(
    ['', 'p50', 'p99', 'max'],
    [
      ['acknowledgement', acknowledgementMs] as const,
      ['authorization', authorizationMs] as const,
    ].map(([title, { p50, p99, max }]) => [title, `${p50}`, `${p99}`, `${max}`]),
  );
  output.line('');
  for (const { name, ok, detail } of checks)
    output.line(`  ${ok ? 'ok    ' : 'FAILED'}  ${name}: ${detail}`);
}

const rows = [
  ['stories', 'stories'],
  ['deliveries', 'deliveries'],
  ['sent twice', 'duplicates'],
  ['out of order', 'reordered'],
  ['late', 'late'],
  ['corrupt and authentic', 'garbled'],
  ['altered on the way', 'alteredInTransit'],
  ['lost', 'lost'],
  ['tried again', 'retries'],
  ['given up', 'givenUp'],
  ['purchases approved', 'approved'],
  ['purchases declined', 'declined'],
  ['decided too late', 'overdue'],
  ['turned away (503)', 'turnedAway'],
] as const;

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readProject, sourcesOf } from './project.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Names that our sources give to metrics, with what prom-client makes of a histogram's. */
const known = new Set(
  sourcesOf(readProject(root))
    .flatMap(([, text]) => [...text.matchAll(/name: '(counterfoil_\w+)'/g)])
    .flatMap(([, name = '']) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
);
const metricsIn = (expression: string): readonly string[] =>
  expression.match(/counterfoil_\w+/g) ?? [];

type Alerts = Readonly<{
  groups: readonly Readonly<{ rules: readonly Readonly<{ alert: string; expr: string }>[] }>[];
}>;
const alerts = (parse(read('infra/prometheus/alerts.yml')) as Alerts).groups.flatMap(
  ({ rules }) => rules,
);

test('every alert is about metrics that exist, and the operations page says what to do', () => {
  const page = read('docs/OPERATIONS.md');
  expect(alerts.length).toBeGreaterThan(0);
  for (const { alert, expr } of alerts) {
    for (const metric of metricsIn(expr)) expect(known, alert).toContain(metric);
    expect(page).toContain(`\`${alert}\``);
  }
});

test('every panel of the dashboard is about metrics that exist', () => {
  const { panels } = JSON.parse(read('infra/grafana/dashboards/counterfoil.json')) as {
    panels: readonly Readonly<{ title: string; targets: readonly Readonly<{ expr: string }>[] }>[];
  };
  for (const { title, targets } of panels)
    for (const { expr } of targets)
      for (const metric of metricsIn(expr)) expect(known, title).toContain(metric);
});

test('every service of the compose file that is ours is scraped', () => {
  const prometheus = read('infra/prometheus/prometheus.yml');
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Readonly<Record<string, Readonly<{ build?: unknown }>>>;
  };
  for (const [name, { build }] of Object.entries(services))
    if (build !== undefined) expect(prometheus).toContain(name);
});

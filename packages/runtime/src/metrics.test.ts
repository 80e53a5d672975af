import { expect, test } from 'vitest';
import { processMetrics } from './metrics.ts';

const numbersOnly = { withProcessMetrics: false };

test('counters, gauges and histograms are written in Prometheus text', async () => {
  const metrics = processMetrics(numbersOnly);
  const received = metrics.counter({
    name: 'received_total',
    help: 'Received',
    labels: ['provider'],
  });
  received.add(1, { provider: '4pay' });
  received.add(2, { provider: '4pay' });
  metrics.gauge({ name: 'lag_events', help: 'Lag' }).set(7);
  metrics
    .histogram({ name: 'decision_seconds', help: 'Decisions', buckets: [0.1, 1] })
    .observe(0.5);
  const text = await metrics.metrics();
  expect(text).toContain('received_total{provider="4pay"} 3');
  expect(text).toContain('lag_events 7');
  expect(text).toContain('decision_seconds_bucket{le="0.1"} 0');
  expect(text).toContain('decision_seconds_bucket{le="1"} 1');
});

test('a gauge that is read is asked at each scrape', async () => {
  const metrics = processMetrics(numbersOnly);
  let waiting = 3;
  metrics.gauge({ name: 'waiting', help: 'Waiting', read: async () => waiting });
  expect(await metrics.metrics()).toContain('waiting 3');
  waiting = 4;
  expect(await metrics.metrics()).toContain('waiting 4');
});

test('the same name is the same metric', async () => {
  const metrics = processMetrics(numbersOnly);
  metrics.counter({ name: 'seen_total', help: 'Seen' }).add();
  metrics.counter({ name: 'seen_total', help: 'Seen' }).add();
  expect(await metrics.metrics()).toContain('seen_total 2');
});

test('a metric nobody touched yet still shows', async () => {
  const metrics = processMetrics(numbersOnly);
  metrics.counter({ name: 'refused_total', help: 'Refused' });
  expect(await metrics.metrics()).toContain('refused_total 0');
});

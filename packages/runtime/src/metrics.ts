import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Values of a metric's labels; few and bounded ones, never an id. */
export type Labels<Name extends string> = Readonly<Record<Name, string>>;

type Naming<Name extends string> = Readonly<{
  /** With its unit last: `counterfoil_authorization_seconds`. */
  name: string;
  help: string;
  labels?: readonly Name[];
}>;

export interface CounterMetric<Name extends string> {
  readonly add: (count?: number, labels?: Labels<Name>) => void;
}
export interface GaugeMetric<Name extends string> {
  readonly set: (value: number, labels?: Labels<Name>) => void;
}
export interface HistogramMetric<Name extends string> {
  readonly observe: (value: number, labels?: Labels<Name>) => void;
}

/** The process's metrics. Asking for a name again gives the same metric. */
export interface Metrics {
  readonly counter: <Name extends string = never>(naming: Naming<Name>) => CounterMetric<Name>;
  /** `read`, where given, is called at each scrape: for what is asked rather than told. */
  readonly gauge: <Name extends string = never>(
    naming: Naming<Name> & Readonly<{ read?: () => number | Promise<number> }>,
  ) => GaugeMetric<Name>;
  readonly histogram: <Name extends string = never>(
    naming: Naming<Name> & Readonly<{ buckets?: readonly number[] }>,
  ) => HistogramMetric<Name>;
  readonly contentType: string;
  /** All of them in Prometheus text. */
  readonly metrics: () => Promise<string>;
}

/** From half a millisecond to ten seconds: acknowledgements, decisions, appends and projections. */
export const latencyBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** A registry of its own, so that two systems in one process do not mix their numbers. */
export function processMetrics(options: Readonly<{ withProcessMetrics?: boolean }> = {}): Metrics {
  const registry = new Registry();
  if (options.withProcessMetrics ?? true) collectDefaultMetrics({ register: registry });
  const known = new Map<string, unknown>();
  const once = <Metric>(name: string, make: () => Metric): Metric => {
    const metric = known.get(name) ?? make();
    known.set(name, metric);
    return metric as Metric;
  };
  return {
    counter: (naming) => once(naming.name, () => counterIn(registry, naming)),
    gauge: (naming) => once(naming.name, () => gaugeIn(registry, naming)),
    histogram: (naming) => once(naming.name, () => histogramIn(registry, naming)),
    contentType: registry.contentType,
    metrics: () => registry.metrics(),
  };
}

const configuration = (registry: Registry, naming: Naming<string>) => ({
  name: naming.name,
  help: naming.help,
  labelNames: [...(naming.labels ?? [])],
  registers: [registry],
});

function counterIn<Name extends string>(
  registry: Registry,
  naming: Naming<Name>,
): CounterMetric<Name> {
  const counter = new Counter(configuration(registry, naming));
  return { add: (count = 1, labels) => counter.inc({ ...labels }, count) };
}

function gaugeIn<Name extends string>(
  registry: Registry,
  naming: Naming<Name> & Readonly<{ read?: () => number | Promise<number> }>,
): GaugeMetric<Name> {
  const { read } = naming;
  const gauge: Gauge = new Gauge({
    ...configuration(registry, naming),
    ...(read ? { collect: async () => gauge.set(await read()) } : {}),
  });
  return { set: (value, labels) => gauge.set({ ...labels }, value) };
}

function histogramIn<Name extends string>(
  registry: Registry,
  naming: Naming<Name> & Readonly<{ buckets?: readonly number[] }>,
): HistogramMetric<Name> {
  const buckets = [...(naming.buckets ?? latencyBucketsSeconds)];
  const histogram = new Histogram({ ...configuration(registry, naming), buckets });
  return { observe: (value, labels) => histogram.observe({ ...labels }, value) };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelNames } from '@counterfoil/read-models';
import { describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { serviceConfigs } from '../support/service-configs.ts';

type Probe = Readonly<{ httpGet: Readonly<{ path: string; port: string }> }>;
type Container = Readonly<{
  name: string;
  image: string;
  args: readonly string[];
  ports: readonly Readonly<{ name: string; containerPort: number }>[];
  env?: readonly Readonly<{ name: string; value: string }>[];
  startupProbe: Probe;
  livenessProbe: Probe;
  readinessProbe: Probe;
  resources: Readonly<{
    requests: Readonly<{ cpu: string; memory: string }>;
    limits: Readonly<{ memory: string }>;
  }>;
}>;
type Manifest = Readonly<{
  kind: string;
  metadata: Readonly<{ name: string }>;
  data?: Readonly<Record<string, string>>;
  spec: Readonly<{
    selector: Readonly<{ matchLabels: Readonly<Record<string, string>> }>;
    scaleTargetRef?: Readonly<{ name: string }>;
    template: Readonly<{
      metadata: Readonly<{ labels: Readonly<Record<string, string>> }>;
      spec: Readonly<{
        containers: readonly [Container];
        terminationGracePeriodSeconds: number;
        securityContext: Readonly<{ runAsNonRoot: boolean }>;
      }>;
    }>;
  }>;
}>;

const folder = join(import.meta.dirname, '../../infra/kubernetes/base');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const { resources } = parse(read('kustomization.yaml')) as { resources: readonly string[] };
const manifests = resources.flatMap((file) =>
  parseAllDocuments(read(file)).map((document) => document.toJS() as Manifest),
);
const ofKind = (kind: string): readonly Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);
const deployments = ofKind('Deployment').map(
  (manifest) => [manifest.metadata.name, manifest] as const,
);
const settings = ofKind('ConfigMap')[0]?.data ?? {};

test('every service is deployed', () => {
  const names = deployments.map(([, { spec }]) => spec.template.spec.containers[0].args[0]);
  expect([...new Set(names)].sort()).toEqual(Object.keys(serviceConfigs).sort());
});

test('every read model is kept by one projector', () => {
  const variables = deployments.flatMap(
    ([, { spec }]) => spec.template.spec.containers[0].env ?? [],
  );
  const kept = variables.filter(({ name }) => name === 'PROJECTOR_MODELS');
  expect(kept.flatMap(({ value }) => value.split(',')).sort()).toEqual([...modelNames].sort());
});

test('every setting is read by a service, and none is a secret', () => {
  for (const name of Object.keys(settings)) {
    const readers = Object.values(serviceConfigs).filter((definition) => name in definition);
    expect(readers.length, name).toBeGreaterThan(0);
    expect(readers.some((definition) => definition[name]?.isSecret)).toBe(false);
  }
  expect(ofKind('Secret')).toEqual([]);
});

describe.each(deployments)('%s', (name, { spec }) => {
  const pod = spec.template.spec;
  const [container] = pod.containers;
  const definition = serviceConfigs[container.args[0] ?? ''] ?? {};

  it('has the three probes on its one port', () => {
    const [port] = container.ports;
    expect(port).toEqual({ name: 'http', containerPort: 8080 });
    expect(container.startupProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
  });

  it('asks for resources, and has time to stop in order', () => {
    expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory']);
    expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(25);
    expect(pod.securityContext.runAsNonRoot).toBe(true);
  });

  it('is given only variables that its service reads, with values that it takes', () => {
    for (const { name: variable, value } of container.env ?? []) {
      expect(Object.keys(definition)).toContain(variable);
      expect(definition[variable]?.parse(value).ok).toBe(true);
    }
    for (const [variable, value] of Object.entries(settings))
      if (variable in definition) expect(definition[variable]?.parse(value).ok).toBe(true);
  });

  it('is selected by its own labels, for its service and its disruption budget', () => {
    const labels = spec.template.metadata.labels;
    for (const manifest of manifests.filter(({ metadata }) => metadata.name === name))
      if (manifest.kind === 'PodDisruptionBudget' || manifest.kind === 'Deployment')
        expect(labels).toMatchObject(manifest.spec.selector.matchLabels);
    for (const kind of ['Service', 'PodDisruptionBudget'])
      expect(ofKind(kind).map(({ metadata }) => metadata.name)).toContain(name);
  });
});

test('what scales by itself is scaled as a deployment, the ledger-writer on its lag', () => {
  const scaled = ofKind('HorizontalPodAutoscaler');
  const names = deployments.map(([name]) => name);
  for (const { spec } of scaled) expect(names).toContain(spec.scaleTargetRef?.name);
  expect(JSON.stringify(scaled)).toContain('counterfoil_recording_lag_messages');
});

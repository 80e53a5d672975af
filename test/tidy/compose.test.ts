import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelNames } from '@counterfoil/read-models';
import { parseConfig } from '@counterfoil/runtime';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { serviceConfigs } from '../support/service-configs.ts';

type ComposeService = Readonly<{
  image: string;
  command?: readonly string[];
  build?: Readonly<{ context: string; dockerfile: string }>;
  environment?: Readonly<Record<string, string>>;
  healthcheck?: Readonly<{
    test: readonly string[];
    interval?: string;
    timeout?: string;
    start_period?: string;
  }>;
  deploy?: Readonly<{ replicas: number }>;
  ports?: readonly string[];
  volumes?: readonly string[];
  depends_on?: Readonly<Record<string, Readonly<{ condition: string }>>>;
}>;
type Compose = Readonly<{
  services: Readonly<Record<string, ComposeService>>;
  volumes: Readonly<Record<string, unknown>>;
}>;

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);

/** As compose puts a person's variables in; the values are long enough for any key. */
const filled = (value: string): string =>
  value
    .replaceAll(/\$\{\w+:\?[^}]*\}/g, 'a-value-of-at-least-thirty-two-characters')
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');

const environmentOf = (service: ComposeService): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [name, filled(value)]),
  );

/** Of the Compose specification what this file uses: anything else is a slip, or belongs here first. */
const attributes = {
  file: ['name', 'services', 'volumes'],
  service: [
    'image',
    'build',
    'command',
    'environment',
    'ports',
    'volumes',
    'depends_on',
    'healthcheck',
    'restart',
    'init',
    'stop_grace_period',
    'read_only',
    'tmpfs',
    'security_opt',
    'cap_drop',
    'shm_size',
    'deploy',
  ],
  build: ['context', 'dockerfile'],
  healthcheck: ['test', 'interval', 'timeout', 'start_period', 'retries'],
  deploy: ['replicas'],
} as const;

const unknownIn = (kind: keyof typeof attributes, given: object = {}): readonly string[] =>
  Object.keys(given).filter(
    (name) => !name.startsWith('x-') && !(attributes[kind] as readonly string[]).includes(name),
  );

test('the file has no attribute that Compose does not know', () => {
  expect(unknownIn('file', compose)).toEqual([]);
});

test('there is a process of every service', () => {
  const started = new Set(ours.map(([, { command }]) => command?.[0]));
  expect([...started].sort()).toEqual(Object.keys(serviceConfigs).sort());
});

test('every read model is kept by one projector', () => {
  const kept = ours.flatMap(([, { environment }]) => environment?.['PROJECTOR_MODELS'] ?? []);
  expect(kept.flatMap((models) => models.split(',')).sort()).toEqual([...modelNames].sort());
});

describe.each(ours)('%s', (_name, service) => {
  const definition = serviceConfigs[service.command?.[0] ?? ''] ?? {};

  it('is given only variables that its service reads', () => {
    const unknown = Object.keys(service.environment ?? {}).filter((name) => !(name in definition));
    expect(unknown).toEqual([]);
  });

  it('is given every variable that its service needs, with values that it takes', () => {
    expect(() => parseConfig(definition, environmentOf(service))).not.toThrow();
  });

  it('asks other services where they are', () => {
    const urls = Object.entries(environmentOf(service)).filter(([name]) => name.endsWith('_URL'));
    for (const [, url] of urls) {
      const { hostname, port, protocol } = new URL(url);
      expect(Object.keys(compose.services)).toContain(hostname);
      if (protocol === 'http:') expect(port).toBe('8080');
    }
  });

  it('waits for the servers that it is given', () => {
    const waitsFor = Object.keys(service.depends_on ?? {});
    for (const server of ['postgres', 'kafka', 'kurrentdb'])
      if (Object.values(environmentOf(service)).some((value) => value.includes(`${server}:`)))
        expect(waitsFor).toContain(server);
  });
});

describe.each(services)('%s', (_name, service) => {
  it('has only attributes that Compose knows, of the kinds that it takes', () => {
    const { build, healthcheck, deploy } = service;
    const unknown = [
      ...unknownIn('service', service),
      ...unknownIn('build', build),
      ...unknownIn('healthcheck', healthcheck),
      ...unknownIn('deploy', deploy),
    ];
    expect(unknown).toEqual([]);
    for (const value of Object.values(service.environment ?? {}))
      expect(typeof value, String(value)).toBe('string');
    for (const name of ['interval', 'timeout', 'start_period'] as const)
      expect(healthcheck?.[name] ?? '1s', name).toMatch(/^\d+(ms|s|m)$/);
    for (const [waitedFor, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(waitedFor);
      expect(condition).toBe('service_healthy');
    }
  });

  it('has a health check', () => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
    expect(service.healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
  });

  it('has a pinned image', () => {
    expect(service.image).toMatch(service.build ? /^counterfoil:local$/ : /^[\w./-]+:v?\d+\.\d+/);
  });

  it('publishes no port beyond this machine, and each once', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    const published = services.flatMap(([, { ports = [] }]) =>
      ports.map((port) => port.split(':')[1]),
    );
    expect(new Set(published).size).toBe(published.length);
  });

  it('mounts declared volumes and files that are there', () => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      if (source.startsWith('.')) expect(existsSync(join(root, source)), source).toBe(true);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  });

  it('has no secret of its own', () => {
    const secrets = Object.entries(service.environment ?? {}).filter(([name]) =>
      /PASSWORD|SECRET|_KEY$/.test(name),
    );
    for (const [name, value] of secrets) expect(value, name).toMatch(/^\$\{\w+:(\?.+|-)\}$/);
  });
});

test('every variable that compose asks for is explained in .env.example, and no secret has a value there', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const asked = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name);
  for (const name of asked) expect(example).toMatch(new RegExp(`^${name}=$`, 'm'));
});

const dockerfile = readFileSync(join(root, 'infra/docker/Dockerfile'), 'utf8');

test('the image is built from pinned ones, runs as nobody in particular, and has what it starts', () => {
  const from = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image = '']) => image);
  for (const image of from) expect(image).toMatch(/^node:\d+\.\d+\.\d+-/);
  expect(dockerfile).toMatch(/^USER node$/m);
  for (const [file = ''] of dockerfile.matchAll(/infra\/docker\/[\w-]+\.mjs/g))
    expect(existsSync(join(root, file)), file).toBe(true);
});

test('the entry of the image starts exactly our services', () => {
  const entry = readFileSync(join(root, 'infra/docker/run-service.mjs'), 'utf8');
  const [, list = ''] = /services = \[([^\]]*)\]/.exec(entry) ?? [];
  const names = [...list.matchAll(/'([\w-]+)'/g)].map(([, name]) => name);
  expect(names.sort()).toEqual(Object.keys(serviceConfigs).sort());
});

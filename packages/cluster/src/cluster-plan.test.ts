import { ConfigError, parseConfig } from '@counterfoil/runtime';
import { expect, test } from 'vitest';
import { clusterPlan } from './cluster-plan.ts';
import { clusterConfig } from './config.ts';

const ports = {
  'ledger-writer': [1, 2],
  authorizer: [3, 4],
  projector: [5],
  'ingest-gateway': [6],
  'query-api': [7],
};

test('every instance has a port of its own and knows where to ask the others', () => {
  const plan = clusterPlan(ports, {
    inherited: { LOG_LEVEL: 'warn', PORT: '4000' },
    common: { DATABASE_URL: 'postgres://server/db' },
  });
  expect(plan.map(({ name, url }) => `${name} ${url}`)).toEqual([
    'ledger-writer-1 http://127.0.0.1:1',
    'ledger-writer-2 http://127.0.0.1:2',
    'authorizer-1 http://127.0.0.1:3',
    'authorizer-2 http://127.0.0.1:4',
    'projector http://127.0.0.1:5',
    'ingest-gateway http://127.0.0.1:6',
    'query-api http://127.0.0.1:7',
  ]);
  expect(plan[5]?.environment).toEqual({
    LOG_LEVEL: 'warn',
    DATABASE_URL: 'postgres://server/db',
    HOST: '127.0.0.1',
    PORT: '6',
    AUTHORIZER_URL: 'http://127.0.0.1:3,http://127.0.0.1:4',
    GATEWAY_URL: 'http://127.0.0.1:6',
  });
});

test('the number of instances is given by service', () => {
  const { CLUSTER_INSTANCES: instances } = parseConfig(clusterConfig, {
    CLUSTER_INSTANCES: 'ledger-writer=2, projector=3',
  });
  expect(Object.fromEntries(instances)).toEqual({
    'ledger-writer': 2,
    authorizer: 1,
    projector: 3,
    'ingest-gateway': 1,
    'query-api': 1,
  });
});

test.each(['ledgerwriter=2', 'projector=0', 'projector=17', 'projector'])(
  'a wrong number of instances stops the start: %s',
  (text) => {
    expect(() => parseConfig(clusterConfig, { CLUSTER_INSTANCES: text })).toThrow(ConfigError);
  },
);

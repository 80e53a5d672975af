import { defineConfig, integerText, urlText, variable } from '@counterfoil/runtime';

/** What a service needs to keep its events in EventStoreDB. */
export const eventStoreDbConfig = defineConfig({
  EVENTSTOREDB_URL: variable(urlText(['esdb', 'esdb+discover']), {
    default: null,
    defaultMeans: 'required when EVENT_STORE is eventstoredb',
    meaning: 'EventStoreDB 22.10 or newer, or KurrentDB; with a name and password unless tls=false',
    isSecret: true,
  }),
  EVENTSTOREDB_CONNECTIONS: variable(integerText({ min: 1, max: 16 }), {
    default: '1',
    meaning: 'Connections to EventStoreDB, each for 64 calls at once',
  }),
  EVENTSTOREDB_DEADLINE_MS: variable(integerText({ min: 100, max: 60_000 }), {
    default: '5000',
    meaning: 'How long one call to EventStoreDB may take before it counts as failed',
  }),
});

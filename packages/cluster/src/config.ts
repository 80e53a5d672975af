import {
  choiceText,
  type ConfigOf,
  defineConfig,
  listText,
  portText,
  urlText,
  variable,
} from '@counterfoil/runtime';
import { z } from 'zod';
import { serviceNames } from './service-names.ts';

/** More processes than this on one machine is a slip of the finger. */
const instancesMax = 16;

const instancesText = listText.transform((parts, context) => {
  const instances = new Map(serviceNames.map((name) => [name, 1]));
  for (const part of parts) {
    const [name = '', count = ''] = part.split('=');
    const service = serviceNames.find((known) => known === name);
    const wanted = /^\d{1,2}$/.test(count) ? Number.parseInt(count, 10) : 0;
    if (service === undefined || wanted < 1 || wanted > instancesMax)
      context.addIssue({
        code: 'custom',
        message: `"${part}" must be one of ${serviceNames.join(', ')} with =1 to =${instancesMax}`,
      });
    else instances.set(service, wanted);
  }
  return instances;
});

/** What `npm run cluster` itself reads; everything else goes to the services as it is. */
export const clusterConfig = defineConfig({
  GATEWAY_PORT: variable(portText, {
    default: '4001',
    meaning: 'The port of the first gateway; 0 takes a free one and prints it',
  }),
  API_PORT: variable(portText, {
    default: '4000',
    meaning: 'The port of the first query API; 0 takes a free one and prints it',
  }),
  CLUSTER_INSTANCES: variable(instancesText, {
    default: '',
    defaultMeans: 'one of each',
    meaning: 'How many processes of which service, such as ledger-writer=2,projector=2',
  }),
  DATABASE_URL: variable(urlText(['postgres', 'postgresql']), {
    default: null,
    defaultMeans: 'an embedded PostgreSQL under DATA_DIR',
    meaning: 'PostgreSQL 14 or newer',
    isSecret: true,
  }),
  DATA_DIR: variable(z.string(), {
    default: '.counterfoil',
    meaning: 'Where the embedded PostgreSQL, the local Kafka and generated keys are kept',
  }),
  EVENT_BUS: variable(choiceText(['kafka', 'postgres']), {
    default: null,
    defaultMeans: 'kafka where KAFKA_BROKERS names one or one can be started here, else postgres',
    meaning: 'What carries messages between the processes',
  }),
  KAFKA_BROKERS: variable(listText, {
    default: '',
    defaultMeans: 'a broker that is started here',
    meaning: 'Kafka brokers, host:port with commas',
  }),
  ADMIN_API_KEY: variable(z.string(), {
    default: null,
    defaultMeans: 'generated on first start, kept under DATA_DIR',
    meaning: 'The API key with every scope',
    isSecret: true,
  }),
  INTERNAL_API_KEY: variable(z.string(), {
    default: null,
    defaultMeans: 'generated at each start',
    meaning: 'The key that the services show each other',
    isSecret: true,
  }),
});

export type ClusterConfig = ConfigOf<typeof clusterConfig>;

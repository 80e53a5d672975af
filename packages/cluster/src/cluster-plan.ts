import { fileURLToPath } from 'node:url';
import type { Environment } from '@counterfoil/runtime';
import { type ServiceName, serviceNames } from './service-names.ts';

/** One process that shall run: `name` is the service's, with a number where there are several. */
export type PlannedProcess = Readonly<{
  name: string;
  service: ServiceName;
  url: string;
  /** The module that node runs. */
  main: string;
  environment: Environment;
}>;

export type Ports = Readonly<Record<ServiceName, readonly number[]>>;

const mainOf = (service: ServiceName): string =>
  fileURLToPath(new URL(`../../../services/${service}/dist/main.js`, import.meta.url));

const host = '127.0.0.1';
const urlOf = (port: number): string => `http://${host}:${port}`;

/** Pure: which processes, on which ports, with which environment over what they inherit. */
export function clusterPlan(
  ports: Ports,
  given: Readonly<{ inherited: Environment; common: Environment }>,
): readonly PlannedProcess[] {
  const urls = (service: ServiceName): string => ports[service].map(urlOf).join(',');
  return serviceNames.flatMap((service) =>
    ports[service].map((port, index, all) => ({
      name: all.length === 1 ? service : `${service}-${index + 1}`,
      service,
      url: urlOf(port),
      main: mainOf(service),
      environment: {
        ...given.inherited,
        ...given.common,
        HOST: host,
        PORT: String(port),
        AUTHORIZER_URL: urls('authorizer'),
        GATEWAY_URL: urls('ingest-gateway'),
      },
    })),
  );
}

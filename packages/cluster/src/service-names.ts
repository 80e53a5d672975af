/** In the order in which they are started; they are stopped the other way round. */
export const serviceNames = [
  'ledger-writer',
  'authorizer',
  'projector',
  'ingest-gateway',
  'query-api',
] as const;
export type ServiceName = (typeof serviceNames)[number];

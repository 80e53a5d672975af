import type { EventStoreDbServer } from './eventstoredb-server/eventstoredb-server.ts';

/** Loaded when it is wanted, as gRPC takes its time. */
export async function startEventStoreDbServer(): Promise<EventStoreDbServer> {
  const { serveEventStoreDb } = await import('./eventstoredb-server/eventstoredb-server.ts');
  return serveEventStoreDb();
}

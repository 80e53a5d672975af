import type { EventStore } from '@counterfoil/event-store';
import type { HttpRequest } from '@counterfoil/runtime';
import { z } from 'zod';
import type { Access } from './access/access.ts';
import type { Scope } from './access/scope.ts';
import type { CommandRunner } from './commands/command-runner.ts';
import type { InboundWebhooks, LedgerCommands, RecordedEvents } from './ports.ts';
import type { ReadModels } from './read-models.ts';
import type { Positions } from './reading/positions.ts';
import type { Reader } from './reading/reader.ts';

/** What the routes are functions of. */
export type Api = Readonly<{
  access: Access;
  readModels: ReadModels;
  positions: Positions;
  read: Reader;
  commands: LedgerCommands;
  runCommand: CommandRunner;
  inboundWebhooks: InboundWebhooks;
  recordedEvents: RecordedEvents;
  events: EventStore;
  /** Larger amounts, in whole units of any asset, are refused. */
  amountMax: bigint;
}>;

/** What each route of a resource shares: who may call it, and where it stands in the documentation. */
export const routeOf = (
  api: Pick<Api, 'access'>,
  tag: string,
  scope: Scope,
  summary: string,
): Readonly<{
  onRequest: (request: HttpRequest) => Promise<void>;
  schema: Readonly<{ tags: string[]; summary: string; description: string }>;
}> => ({
  onRequest: api.access.require(scope),
  schema: { tags: [tag], summary, description: `Scope: \`${scope}\`` },
});

/** Loose, or a route would see no other header; the key's form is checked where it is used. */
const commandHeaders = z.looseObject({
  'idempotency-key': z
    .string()
    .optional()
    .describe('1 to 255 visible characters; the same key and request give the same answer'),
});

/** What each command shares besides. */
export const commandRouteOf = (
  ...given: Parameters<typeof routeOf>
): ReturnType<typeof routeOf> &
  Readonly<{ schema: Readonly<{ headers: typeof commandHeaders }> }> => {
  const route = routeOf(...given);
  return { ...route, schema: { ...route.schema, headers: commandHeaders } };
};

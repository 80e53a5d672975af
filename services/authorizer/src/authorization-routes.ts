import type { CanonicalEvent, CanonicalOf } from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import { type Clock, type HttpServer, internalAccess, problemError } from '@counterfoil/runtime';
import { z } from 'zod';
import type { Authorizer } from './authorizer.ts';

/** Longer than any deadline of ours: what is more is a mistake of the caller. */
const timeLeftMsMax = 60_000;

const cloudEvent = z.record(z.string(), z.json());
const question = z.strictObject({
  event: cloudEvent,
  timeLeftMs: z.number().int().min(0).max(timeLeftMsMax),
});
const withdrawal = z.strictObject({ event: cloudEvent });
const decision = z.object({
  kind: z.enum(['approved', 'declined']),
  reason: z.string().optional(),
});

/**
 * `POST /internal/authorizations` decides, `POST /internal/authorizations/withdraw` takes back: each
 * for the canonical event in the form in which it goes over the bus. `timeLeftMs` runs from when the
 * question arrives here; clocks of two machines are never compared.
 */
export function authorizationRoutes(
  server: HttpServer,
  {
    authorizer,
    clock,
    keys,
  }: Readonly<{
    authorizer: Authorizer;
    clock: Clock;
    keys: readonly string[];
  }>,
): void {
  const access = { onRequest: internalAccess(keys) };
  server.post(
    '/internal/authorizations',
    { ...access, schema: { hide: true, body: question, response: { 200: decision } } },
    async ({ body }) => {
      const deadlineAt = clock.monotonic() + body.timeLeftMs;
      return authorizer.decide(requestOf(body.event), deadlineAt);
    },
  );
  server.post(
    '/internal/authorizations/withdraw',
    { ...access, schema: { hide: true, body: withdrawal, response: { 200: z.object({}) } } },
    async ({ body }) => {
      await authorizer.withdraw(requestOf(body.event));
      return {};
    },
  );
}

function requestOf(
  payload: Parameters<typeof canonicalTopic.decode>[0],
): CanonicalOf<'AuthorizationRequested'> {
  const event = decoded(payload);
  if (event.type !== 'AuthorizationRequested')
    throw problemError('request-malformed', `An authorization is not asked by ${event.type}.`);
  return event;
}

function decoded(payload: Parameters<typeof canonicalTopic.decode>[0]): CanonicalEvent {
  try {
    return canonicalTopic.decode(payload);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : 'The event cannot be read.';
    throw problemError('request-malformed', detail);
  }
}

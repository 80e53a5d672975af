import type { AuthorizationRequested, DeclineReason } from '@counterfoil/domain';
import { canonicalTopic } from '@counterfoil/event-bus';
import type { AuthorizationDecision } from '@counterfoil/providers';
import { type Clock, type InternalAnswer, type InternalClient, retry } from '@counterfoil/runtime';
import type { Authorizer } from './authorizer.ts';

/** An approval that comes this late is still heard, and withdrawn; later, it is taken for lost. */
const lateAnswerMs = 5_000;
const withdrawTimeoutMs = 5_000;
/** A minute or two, in which a killed authorizer is back. */
const withdrawAttemptsMax = 30;
const withdrawDelayMsFirst = 200;
const withdrawDelayMsMax = 5_000;

/**
 * The authorizer in another process. Requests of one owner go to one instance while it can be
 * reached, where the account is folded already. `decide` rejects when the outcome is not known;
 * `withdraw` is tried again while the authorizer is away.
 */
export function httpAuthorizer({
  client,
  clock,
}: Readonly<{ client: InternalClient; clock: Clock }>): Authorizer {
  return {
    decide: async (request, deadlineAt) => {
      const timeLeftMs = Math.max(0, Math.floor(deadlineAt - clock.monotonic()));
      const answer = await client.request({
        method: 'POST',
        path: '/internal/authorizations',
        body: { event: canonicalTopic.encode(request), timeLeftMs },
        timeoutMs: timeLeftMs + lateAnswerMs,
        affinity: canonicalTopic.keyOf(request),
      });
      return decisionOf(answer);
    },
    withdraw: async (request) => {
      await retry(() => withdraw(client, request), {
        clock,
        attemptsMax: withdrawAttemptsMax,
        delayMsFirst: withdrawDelayMsFirst,
        delayMsMax: withdrawDelayMsMax,
      });
    },
  };
}

async function withdraw(client: InternalClient, request: AuthorizationRequested): Promise<void> {
  const { status } = await client.request({
    method: 'POST',
    path: '/internal/authorizations/withdraw',
    body: { event: canonicalTopic.encode(request) },
    timeoutMs: withdrawTimeoutMs,
    affinity: canonicalTopic.keyOf(request),
  });
  if (status !== 200) throw new Error(`The authorizer answered ${status} to a withdrawal`);
}

const reasons: Readonly<Record<DeclineReason, true>> = {
  'insufficient-funds': true,
  'account-frozen': true,
  'account-closed': true,
  'card-unknown': true,
  'card-not-active': true,
  'declined-by-network': true,
  'refused-by-rule': true,
  'variant-of-request': true,
  'deadline-passed': true,
};

const isReason = (text: unknown): text is DeclineReason =>
  typeof text === 'string' && Object.hasOwn(reasons, text);

function decisionOf({ status, body }: InternalAnswer): AuthorizationDecision {
  const { kind, reason } = typeof body === 'object' && body !== null ? fieldsOf(body) : {};
  if (status === 200 && kind === 'approved') return { kind };
  if (status === 200 && kind === 'declined' && isReason(reason)) return { kind, reason };
  throw new Error(`The authorizer answered ${status} without a decision`);
}

const fieldsOf = (body: object): Readonly<Record<string, unknown>> => ({ ...body });

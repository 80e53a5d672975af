import { createHash } from 'node:crypto';
import { commandId, correlationId, instant } from '@counterfoil/domain';
import { QueueFull } from '@counterfoil/event-store';
import {
  type Clock,
  type HttpRequest,
  type ProblemCode,
  problemError,
  ProblemError,
  problems,
} from '@counterfoil/runtime';
import type { Access } from '../access/access.ts';
import type { CommandRequest } from '../ports.ts';
import { positionHeader } from '../reading/reader.ts';
import { commandIdOf } from './command-id.ts';
import type { IdempotencyKeys, IdempotentRequest, StoredAnswer } from './idempotency-keys.ts';

const idempotencyHeader = 'idempotency-key';

/** `position` goes into the header `Counterfoil-Position`. */
export type CommandAnswer<Body> = Readonly<{
  status: 200 | 201 | 202;
  body: Body;
  position: string | null;
}>;

/** A reply whose route allows some of these codes; as a method, so that each such reply fits. */
interface AnswerHead {
  code(status: 200 | 201 | 202): unknown;
  header(name: string, value: string): unknown;
}

/**
 * Runs a command once for each `Idempotency-Key`: the first answer, also a refusal, is stored and
 * given again; another body under the key, or a repeat while the first runs, is 409. After a fault
 * nothing is stored and the next attempt runs again, as the same command. Without a key it just runs.
 */
export type CommandRunner = <Body>(
  request: HttpRequest,
  reply: AnswerHead,
  execute: (command: CommandRequest) => Promise<CommandAnswer<Body>>,
) => Promise<Body>;

export function commandRunner(
  options: Readonly<{ access: Access; keys: IdempotencyKeys; clock: Clock }>,
): CommandRunner {
  const { access, keys, clock } = options;
  return async <Body>(
    request: HttpRequest,
    reply: AnswerHead,
    execute: (command: CommandRequest) => Promise<CommandAnswer<Body>>,
  ): Promise<Body> => {
    const apiKey = access.keyOf(request);
    const idempotent = idempotentOf(request, apiKey.keyId);
    const id = idempotent === null ? commandId(clock.randomId()) : commandIdOf(idempotent);
    const command = {
      commandId: id,
      correlationId: correlationId(id),
      now: instant(clock.now()),
      actor: apiKey.name,
    };
    const run = () => execute(command).catch(refuseWhenFull);
    const answer = idempotent === null ? await run() : await runOnce(keys, idempotent, reply, run);
    void reply.code(answer.status);
    if (answer.position !== null) void reply.header(positionHeader, answer.position);
    return answer.body;
  };
}

/** The ledger takes no more for the moment, and did nothing. */
function refuseWhenFull(fault: unknown): never {
  throw fault instanceof QueueFull ? problemError('unavailable', 'Too much is waiting.') : fault;
}

async function runOnce<Body>(
  keys: IdempotencyKeys,
  request: IdempotentRequest,
  reply: AnswerHead,
  run: () => Promise<CommandAnswer<Body>>,
): Promise<CommandAnswer<Body>> {
  const reservation = await keys.reserve(request);
  switch (reservation.outcome) {
    case 'reused':
      throw problemError('idempotency-key-reused');
    case 'in-progress':
      throw problemError('idempotency-key-in-progress', 'Try again shortly.');
    case 'answered':
      void reply.header('idempotent-replayed', 'true');
      return replayed(reservation.answer);
    case 'reserved':
  }
  try {
    const answer = await run();
    await keys.store(request, { kind: 'answered', ...answer });
    return answer;
  } catch (fault) {
    const refusal = refusalOf(fault);
    await (refusal === null ? keys.release(request) : keys.store(request, refusal));
    throw fault;
  }
}

/** Our own answer as we stored it, hence the casts. */
function replayed<Body>(answer: StoredAnswer): CommandAnswer<Body> {
  if (answer.kind === 'refused') throw problemError(answer.code as ProblemCode, answer.detail);
  return answer as CommandAnswer<Body>;
}

function refusalOf(fault: unknown): StoredAnswer | null {
  if (!(fault instanceof ProblemError) || problems[fault.code].status >= 500) return null;
  return { kind: 'refused', code: fault.code, detail: fault.message };
}

const idempotencyKeyPattern = /^[\x21-\x7e]{1,255}$/;

function idempotentOf(request: HttpRequest, apiKeyId: string): IdempotentRequest | null {
  const idempotencyKey = request.headers[idempotencyHeader];
  if (idempotencyKey === undefined) return null;
  if (typeof idempotencyKey !== 'string' || !idempotencyKeyPattern.test(idempotencyKey))
    throw problemError('request-malformed', 'Idempotency-Key is 1 to 255 visible characters.', {
      errors: [{ path: `headers/${idempotencyHeader}`, message: '1 to 255 visible characters' }],
    });
  // The body has passed its schema, which puts its keys in one order.
  const content = JSON.stringify([request.method, request.url, request.body ?? null]);
  const requestSha256 = createHash('sha256').update(content, 'utf8').digest('hex');
  return { apiKeyId, idempotencyKey, requestSha256 };
}

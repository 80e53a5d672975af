import type { Account } from '@counterfoil/read-models';
import { problemError } from '@counterfoil/runtime';
import type { Api } from '../api.ts';
import type { CommandOutcome, CommandReceipt } from '../ports.ts';
import type { ModelName } from '@counterfoil/read-models';
import type { CommandAnswer } from './command-runner.ts';

export type Accepted = Readonly<{ accountId: string; position: string }>;

type Source = Pick<Api, 'events' | 'positions' | 'readModels'>;

/** The receipt, or the problem that the refusal's code stands for. */
export function receiptOf(outcome: CommandOutcome): CommandReceipt {
  if (!outcome.ok) throw problemError(outcome.error.code, outcome.error.message);
  return outcome.value;
}

/**
 * Answers a command with what its caller can read now: waits until the read models have the
 * command's events. After five seconds, and where there is nothing to show, the answer is 202 with
 * the position: the command is in the books, and repeating it would be wrong.
 */
export async function answerWhenRead<Body>(
  api: Pick<Source, 'events' | 'positions'>,
  receipt: CommandReceipt,
  models: readonly ModelName[],
  status: 200 | 201,
  read: () => Promise<Body | null>,
): Promise<CommandAnswer<Body | Accepted>> {
  const { accountId } = receipt;
  const position = receipt.position ?? (await api.events.head());
  const reached = await api.positions.waitFor(models, position);
  const body = reached === null ? null : await read();
  if (body === null) return { status: 202, body: { accountId, position }, position };
  return { status, body, position };
}

export const accountModels = ['accounts', 'balances'] as const;

export const answerWithAccount = (
  api: Source,
  receipt: CommandReceipt,
  status: 200 | 201,
): Promise<CommandAnswer<Account | Accepted>> =>
  answerWhenRead(api, receipt, accountModels, status, () =>
    api.readModels.findAccount(receipt.accountId),
  );

import type { ProviderName } from '@counterfoil/domain';
import { ProviderCallFailed } from '../provider-call-failed.ts';

/** An answer that has to be there: a 404 to it is a refusal. */
export async function answered<Value>(
  provider: ProviderName,
  call: string,
  answer: Promise<Value | null>,
): Promise<Value> {
  const value = await answer;
  if (value !== null) return value;
  throw new ProviderCallFailed(provider, call, {
    kind: 'refused',
    status: 404,
    reason: 'not found',
  });
}

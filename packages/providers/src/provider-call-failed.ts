import type { ProviderName } from '@counterfoil/domain';

/** Why a call to a provider ended without what it was made for. Holds no secret and no body. */
export type CallFailure =
  | Readonly<{ kind: 'refused'; status: number; reason: string }>
  | Readonly<{ kind: 'unexpected-answer'; status: number; reason: string }>
  | Readonly<{ kind: 'unreachable'; reason: string }>;

export class ProviderCallFailed extends Error {
  readonly provider: ProviderName;
  readonly failure: CallFailure;

  constructor(provider: ProviderName, call: string, failure: CallFailure, cause?: unknown) {
    super(messageOf(provider, call, failure), cause === undefined ? {} : { cause });
    this.name = 'ProviderCallFailed';
    this.provider = provider;
    this.failure = failure;
  }
}

function messageOf(provider: ProviderName, call: string, failure: CallFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `${provider} answered ${failure.status} to ${call}: ${failure.reason}`;
    case 'unexpected-answer':
      return `${provider} answered ${call} in a way that is not documented: ${failure.reason}`;
    case 'unreachable':
      return `${provider} could not be reached for ${call}: ${failure.reason}`;
  }
}

import { type HttpRequest, problemError } from '@counterfoil/runtime';
import type { ApiKey } from './api-key.ts';
import type { ApiKeys } from './api-keys.ts';
import type { Scope } from './scope.ts';

export type Access = Readonly<{
  /** A hook that lets only keys with the scope through, before the body is read. */
  require: (scope: Scope) => (request: HttpRequest) => Promise<void>;
  /** Whose request it is, in a handler behind `require`. */
  keyOf: (request: object) => ApiKey;
}>;

export function access(keys: ApiKeys): Access {
  const known = new WeakMap<object, ApiKey>();
  return {
    require: (scope) => async (request) => {
      const presented = bearerOf(request.headers.authorization);
      if (presented === null)
        throw problemError('api-key-missing', 'Send Authorization: Bearer <API key>.');
      const key = await keys(presented);
      if (key === null) throw problemError('api-key-wrong');
      if (!key.scopes.includes(scope))
        throw problemError('scope-missing', `This needs the scope ${scope}.`);
      known.set(request, key);
    },
    keyOf: (request) => {
      const key = known.get(request);
      if (key === undefined) throw new Error('Invariant broken: a command route without access');
      return key;
    },
  };
}

/** Longer than any key: bounds what is hashed. */
const bearerLengthMax = 512;

function bearerOf(header: string | undefined): string | null {
  const match = /^Bearer +(\S+) *$/i.exec((header ?? '').slice(0, bearerLengthMax));
  return match?.[1] ?? null;
}

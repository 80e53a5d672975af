/** A rejection or a value: an expected refusal is data, never an exception. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value });
export const err = <Failure>(error: Failure): Result<never, Failure> => ({ ok: false, error });

/** For what cannot happen. A failure is a bug of ours: it is never caught to go on. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Why a command or a body was refused; `code` is listed in docs/ERRORS.md. */
export type Rejection<Code extends string = string> = Readonly<{ code: Code; message: string }>;

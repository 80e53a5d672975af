import { createHash } from 'node:crypto';

/** Credentials of our four providers by name, and whatever is named like one. */
const credentialPattern =
  /^(sign|key|cookie|api-notification-sign)$|signature|secret|token|password|credential|auth|api-?key|webhook-key/;

export const isCredentialHeader = (name: string): boolean => credentialPattern.test(name);

/** No provider comes near it; the bounds keep the archive's rows small. */
const headerCountMax = 64;
const headerLengthMax = 1024;

/** What the archive keeps of a request's headers: all but credential values. */
export const archivedHeaders = (
  headers: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> =>
  new Map(
    [...headers]
      .filter(([name]) => !isCredentialHeader(name))
      .slice(0, headerCountMax)
      .map(([name, value]) => [name, value.slice(0, headerLengthMax)]),
  );

/** Enough to see later whether a credential was the right one, and useless for anything else. */
export const credentialDigests = (
  headers: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...headers]
      .filter(([name]) => isCredentialHeader(name))
      .slice(0, headerCountMax)
      .map(([name, value]) => [name, createHash('sha256').update(value).digest('hex')]),
  );

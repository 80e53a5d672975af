import { type ProviderName, providerNames } from '../ids.ts';

/** What a provider can name of ours; in canonical events also the subject's kind. */
export const referenceKinds = [
  'card',
  'wallet',
  'account',
  'address',
  'invoice',
  'order',
  'payout',
  'withdrawal',
  'transfer',
  'client',
  'challenge',
] as const;
export type ReferenceKind = (typeof referenceKinds)[number];

/** A provider's name for something that belongs to an account of ours. Ids are opaque text. */
export type Reference = Readonly<{
  provider: ProviderName;
  kind: ReferenceKind;
  externalId: string;
}>;

/** Our account at a provider, as a fact names it that names none (R13). */
export const unnamedAccount = 'default';

/** Longer ids do not occur at any provider; the bound keeps stream names and indexes small. */
export const externalIdLengthMax = 200;

/** Whether what a provider gives under this name among an event's references is an id. */
export const namesId = (name: string): boolean => /(?:Id|Key|Hash)$/.test(name);

/** `cryptomate:card:crd_7788`; also the id of the reference's stream. */
export const referenceKey = (reference: Reference): string =>
  `${reference.provider}:${reference.kind}:${reference.externalId}`;

/** The inverse of `referenceKey`; null for text that it never wrote. */
export function referenceOf(key: string): Reference | null {
  const [provider, kind, ...rest] = key.split(':');
  const knownProvider = providerNames.find((name) => name === provider);
  const knownKind = referenceKinds.find((name) => name === kind);
  if (knownProvider === undefined || knownKind === undefined || rest.length === 0) return null;
  return { provider: knownProvider, kind: knownKind, externalId: rest.join(':') };
}

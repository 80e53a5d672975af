import type { ProviderName } from '../ids.ts';

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

/** Longer ids do not occur at any provider; the bound keeps stream names and indexes small. */
export const externalIdLengthMax = 200;

/** `cryptomate:card:crd_7788`; also the id of the reference's stream. */
export const referenceKey = (reference: Reference): string =>
  `${reference.provider}:${reference.kind}:${reference.externalId}`;

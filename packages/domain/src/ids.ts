declare const brand: unique symbol;
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
export type NonEmpty<Item> = readonly [Item, ...Item[]];

export type EventId = Brand<string, 'EventId'>;
export type CommandId = Brand<string, 'CommandId'>;
export type CorrelationId = Brand<string, 'CorrelationId'>;
export type AccountId = Brand<string, 'AccountId'>;
export type TransactionId = Brand<string, 'TransactionId'>;

/** Milliseconds since the Unix epoch, in UTC. */
export type Instant = Brand<number, 'Instant'>;

/** `standard`: any other system that tells what happened in our own vocabulary. */
export const providerNames = ['cryptomate', 'cryptofuse', '4pay', 'calypso', 'standard'] as const;
export type ProviderName = (typeof providerNames)[number];

// The only places that make these brands.
export const eventId = (text: string): EventId => text as EventId;
export const commandId = (text: string): CommandId => text as CommandId;
export const correlationId = (text: string): CorrelationId => text as CorrelationId;
export const accountId = (text: string): AccountId => text as AccountId;
export const transactionId = (text: string): TransactionId => text as TransactionId;
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

/** What an account may be called by a caller: it goes into addresses, streams and URLs. */
export const accountIdPattern = /^[A-Za-z0-9_.-]{1,64}$/;

import type { Random } from './random.ts';

/** Whom a story is about, with the provider's names for what is theirs. */
export type Customer = Readonly<{
  accountId: string;
  /** `plenty` never runs out, `none` never gets money, `some` may run out at any purchase. */
  funds: 'plenty' | 'some' | 'none';
  card: string;
  wallet: string;
  address: string;
  client: string;
}>;

/** What a story is made from: draws of its own, ids nobody else uses, and times in their order. */
export type StorySetting = Readonly<{
  random: Random;
  /** Anyone whose stories may ask for a decision. */
  customer: Customer;
  /** Somebody who has or gets money. */
  payer: Customer;
  /** Another one of those. */
  payee: Customer;
  merchant: Merchant;
  /** An id no other story of any run has. */
  id: (name: string) => string;
  /** RFC 3339 text of the nth moment of the story, a second apart. */
  at: (moment: number) => string;
}>;

/** The platform's own account at the provider. */
export type Merchant = Readonly<{
  accountId: string;
  /** False where the account is somebody else's: then no story may move its money. */
  isSimulated: boolean;
  /** The provider's id of the account. */
  account: string;
  treasury: string;
  holding: string;
}>;

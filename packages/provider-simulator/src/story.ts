import type { AccountKind, Reference } from '@counterfoil/domain';
import type { SimulatedProvider } from './simulated-provider.ts';
import type { AssetCode } from './decimal.ts';

export type Decision = 'approved' | 'declined';

/** Our order, placed through the API as a platform does when it instructs the provider. */
export type OrderRequest = Readonly<{
  accountId: string;
  provider: SimulatedProvider;
  id: string;
  asset: AssetCode;
  amount: string;
  fee: string;
}>;

/** `tell`: a webhook. `ask`: a webhook that waits for our decision; what is `after` it waits too. */
export type Step = Readonly<{ id: string }> &
  (
    | Readonly<{ kind: 'tell'; body: string; after: Decision | null }>
    | Readonly<{ kind: 'ask'; body: string }>
    | Readonly<{ kind: 'order'; path: 'payouts' | 'withdrawals'; order: OrderRequest }>
  );

/** What an account must show more, or less, than before; what is not named is nothing. */
export type Movement = Readonly<{
  accountId: string;
  asset: AssetCode;
  available?: bigint;
  held?: bigint;
  reserved?: bigint;
}>;

/**
 * What really reached the system: ids of steps, and its answer where it was asked. `too-late`: it
 * approved, and the provider had declined by then.
 */
export type Happened = Readonly<{
  steps: ReadonlySet<string>;
  decision: Decision | 'too-late' | null;
}>;

/**
 * One purchase, payment or payout from its beginning to its end. `outcome` is the prediction: a
 * function of the set of what happened alone, since no order or repetition may matter.
 */
export type Story = Readonly<{
  provider: SimulatedProvider;
  name: string;
  steps: readonly Step[];
  /** The only right answer, where the holder's money leaves no doubt. */
  expectedDecision: Decision | null;
  outcome: (happened: Happened) => readonly Movement[];
}>;

/** An account of the platform that the simulator opens before it begins. */
export type SimulatedAccount = Readonly<{
  accountId: string;
  kind: AccountKind;
  references: readonly Reference[];
  /** Starting money, posted by hand, in hundredths. */
  funds: readonly Readonly<{ asset: AssetCode; hundredths: number }>[];
}>;

export const tell = (id: string, body: string, after: Decision | null = null): Step => ({
  id,
  kind: 'tell',
  body,
  after,
});

import { chainText } from '../wire/key.ts';
import { type Delivery, ownAccount, reference } from './delivery.ts';

/** The hash of a transfer between two virtual wallets: it never was on a chain. */
export const internalHash = 'internal';

/** What deposits, withdrawals and transfers say alike about the wallet they touch. */
export type Movement = Readonly<{
  wallet_id: string;
  wallet_address: string | null;
  blockchain: string | null;
  transaction_hash: string | null;
  token: Readonly<{ address: string }> | null;
}>;

export const chainTextOf = (text: string | null): string | null =>
  text === null ? null : chainText(text);

export const chainHashOf = (data: Movement): string | null =>
  data.transaction_hash === internalHash ? null : chainTextOf(data.transaction_hash);

/** The treasury and the holding wallet are our own: unlinked, their money is the account's (R13). */
export const walletOwners = (walletId: string, delivery: Delivery) => {
  const { product, eventType } = delivery.envelope;
  const isOurs = product === 'treasury' || eventType === 'warranty_withdraw';
  return [reference('wallet', walletId), ...(isOurs ? [ownAccount] : [])];
};

/** Ids that find the movement; none of them decides anything. */
export const movementReferences = (data: Movement) => ({
  chainHash: chainHashOf(data),
  blockchain: data.blockchain?.toLowerCase() ?? null,
  walletId: data.wallet_id,
  walletAddress: chainTextOf(data.wallet_address),
  tokenAddress: chainTextOf(data.token?.address ?? null),
});

import type { ProviderName } from '@counterfoil/domain';
import type { PlannedDelivery } from './delivery-plan.ts';

const delivery = (
  provider: ProviderName,
  file: string,
  differences: Partial<PlannedDelivery>,
): PlannedDelivery => ({
  provider,
  path: `${provider}/${file}`,
  credential: 'right',
  decision: null,
  funds: null,
  isRepeat: false,
  isLate: false,
  isQuarantined: false,
  ...differences,
});

/** Each would credit money if its credential were believed. */
const forged = (provider: ProviderName, file: string): readonly PlannedDelivery[] => [
  delivery(provider, file, { credential: 'wrong' }),
  delivery(provider, file, { credential: 'missing' }),
];

const notUnderstood = (provider: ProviderName, file: string, decision: string | null = null) =>
  delivery(provider, file, { isQuarantined: true, decision });

/** What every provider's URL meets beside the stories: forgeries, and bodies that are not understood. */
export const deliveriesBesideStories: readonly PlannedDelivery[] = [
  // The one complete body that a provider's documentation shows, verbatim.
  delivery('calypso', 'invoice-create-invoice.json', {}),
  ...forged('cryptomate', 'constructed/c/cards-deposit-success.json'),
  notUnderstood('cryptomate', 'treasury-deposit-success.json'),
  ...forged('cryptofuse', 'constructed/g1/payment-completed.json'),
  notUnderstood('cryptofuse', 'constructed/g1/payment-completed-without-amount.json'),
  ...forged('4pay', 'constructed/flat/account-transaction-payin-completed.json'),
  notUnderstood('4pay', 'constructed/flat/account-transaction-unknown-type-completed.json'),
  ...forged('calypso', 'constructed/customer-purse-funds-received-for-purse.json'),
  notUnderstood('calypso', 'constructed/invoice-create-invoice-unknown-currency.json'),
  ...forged('standard', 'constructed/money-in.json'),
  notUnderstood('standard', 'constructed/deposit-contradicts-itself.json'),
  // A request whose status is not the one of a question is never approved.
  notUnderstood('cryptomate', 'constructed/a/cards-authorization-success.json', '05'),
];

import type { BodyValue } from '../body-text.ts';
import { type AssetCode, fromHundredths } from '../decimal.ts';
import { type Story, tell } from '../story.ts';
import type { StorySetting } from '../story-setting.ts';
import { calypsoAmount, calypsoBody, calypsoCurrency, zoneless } from './wire.ts';

/** An invoice that is paid, underpaid or left to lapse; only its translation credits anything. */
export function calypsoInvoice(setting: StorySetting): Story {
  const { random, merchant, id, at } = setting;
  const asset: AssetCode = random.pick(['USDT:TRON', 'USDC:ETHEREUM'] as const);
  const ending = random.pick(['paid', 'paid', 'underpaid', 'expired'] as const);
  const asked = fromHundredths(random.between(1_000, 500_000), asset);
  const got = ending === 'underpaid' ? (asked * 9n) / 10n : asked;
  const serviceFee = got / 250n;
  const names: Readonly<Record<string, BodyValue>> = {
    parentExternalId: id('invoice'),
    idempotencyKey: id('invoice-key'),
    currency: calypsoCurrency(asset),
    message: 'Order',
    createdDate: zoneless(at(0)),
  };
  const body = (eventType: string, moment: number, data: Readonly<Record<string, BodyValue>>) =>
    calypsoBody(setting, `INVOICE_${eventType}`, moment, { ...names, ...data });
  const amount = { amount: calypsoAmount(got, asset) };
  const external = { externalId: id('order') };
  const deposits = { transactionId: [id('deposit')], transactionHash: random.hex(64) };
  const created = body('CREATE_INVOICE', 1, {
    amount: calypsoAmount(asked, asset),
    fiatCurrency: 'USD',
    ...external,
  });
  const compliance = random.pick(['COMPLIANCE_CHECK', 'PENDING_COMPLIANCE'] as const);
  const settled = body('TRANSLATION_TO_ACCOUNT_COMPLETED', 9, {
    ...amount,
    serviceFee: calypsoAmount(serviceFee, asset),
    transactionIds: [id('deposit')],
  });
  const paid = { ...amount, ...external, realAmount: calypsoAmount(got, asset) };
  return {
    provider: 'calypso',
    name: `invoice-${ending}`,
    steps: [
      tell('created', created),
      ...(ending === 'expired'
        ? [tell('expired', body('EXPIRED', 2, { ...amount, ...external }))]
        : [
            tell('mempool', body('MEMPOOL_FOUND', 2, paid)),
            tell('compliance', body(compliance, 3, { ...amount, ...external, ...deposits })),
            tell(
              'received',
              body('FUNDS_RECEIVED_FOR_INVOICE', 4, { ...amount, ...external, ...deposits }),
            ),
            ending === 'underpaid'
              ? tell('intervention', body('PENDING_INTERVENTION', 5, external))
              : tell('paid', body('PAID', 5, paid)),
            tell('settled', settled),
          ]),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('settled')
        ? [{ accountId: merchant.accountId, asset, available: got - serviceFee }]
        : [],
  };
}

/** A deposit to a customer's own address: the customer's at once, on our account a little later. */
export function calypsoCustomerDeposit(setting: StorySetting): Story {
  const { random, payer, id } = setting;
  const asset: AssetCode = 'USDT:BSC';
  // One unit of the last of eighteen decimals: what a binary float would lose.
  const units = fromHundredths(random.between(500, 500_000), asset) + 1n;
  const data: Readonly<Record<string, BodyValue>> = {
    currency: calypsoCurrency(asset),
    customerId: payer.client,
    customerBlocked: false,
    purseId: id('purse'),
    address: `0x${random.hex(40)}`,
    transactionId: id('deposit'),
    amount: calypsoAmount(units, asset),
    transactionHash: `0x${random.hex(64)}`,
  };
  const body = (eventType: string, moment: number) =>
    calypsoBody(setting, `CUSTOMER_PURSE_${eventType}`, moment, data);
  const isDeclined = random.happens(0.15);
  return {
    provider: 'calypso',
    name: isDeclined ? 'customer-deposit-declined' : 'customer-deposit',
    steps: [
      tell('mempool', body(random.pick(['MEM_POOL_FOUND', 'MEMPOOL_FOUND'] as const), 1)),
      tell('compliance', body('PENDING_COMPLIANCE', 2)),
      ...(isDeclined
        ? [tell('declined', body('COMPLIANCE_DECLINED', 3))]
        : [
            tell('received', body('FUNDS_RECEIVED_FOR_PURSE', 3)),
            tell('translated', body('TRANSLATION_TO_ACCOUNT_COMPLETED', 4)),
          ]),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('received') ? [{ accountId: payer.accountId, asset, available: units }] : [],
  };
}

/** A top-up of our own account. */
export function calypsoTopUp(setting: StorySetting): Story {
  const { random, merchant, at } = setting;
  const asset: AssetCode = 'USDC:ETHEREUM';
  const units = fromHundredths(random.between(10_000, 1_000_000), asset);
  const data: Readonly<Record<string, BodyValue>> = {
    amount: calypsoAmount(units, asset),
    currency: calypsoCurrency(asset),
    senderAddress: `0x${random.hex(40)}`,
    paymentDate: zoneless(at(0)),
    transactionHash: `0x${random.hex(64)}`,
  };
  return {
    provider: 'calypso',
    name: 'top-up',
    steps: [
      tell('compliance', calypsoBody(setting, 'TOP_UP_PENDING_COMPLIANCE', 1, data)),
      tell('delivered', calypsoBody(setting, 'WALLET_FUNDS_DELIVERED_ACCOUNT', 2, data)),
    ],
    expectedDecision: null,
    outcome: ({ steps }) =>
      steps.has('delivered') ? [{ accountId: merchant.accountId, asset, available: units }] : [],
  };
}

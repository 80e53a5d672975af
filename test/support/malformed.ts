import type { ProviderName } from '@counterfoil/domain';
import { readSample } from '@counterfoil/providers/testing';

/** A body that its provider signed and that nobody may believe; `code` is why. */
export type MalformedBody = Readonly<{
  provider: ProviderName;
  name: string;
  body: Uint8Array;
  code: string;
}>;

/** What each provider's malformed bodies are made from: believed, each would credit money. */
const credits: Readonly<
  Record<ProviderName, Readonly<{ path: string; amount: string; currency: string; type: string }>>
> = {
  cryptomate: {
    path: 'cryptomate/constructed/c/cards-deposit-success.json',
    amount: '"net_amount": "298.80"',
    currency: '"address": "0x537486df2c8ac82805174714623b980081792889"',
    type: '"event_type": "deposit"',
  },
  cryptofuse: {
    path: 'cryptofuse/constructed/g1/payment-completed.json',
    amount: '"amount": 250.00',
    currency: '"currency": "USDTTRC20"',
    type: '"event": "payment.completed"',
  },
  '4pay': {
    path: '4pay/constructed/flat/account-transaction-payin-completed.json',
    amount: '"amount": "497.50"',
    currency: '"currency": "USD"',
    type: '"type": "payin"',
  },
  calypso: {
    path: 'calypso/constructed/wallet-funds-delivered-account.json',
    amount: '"amount": 5000',
    currency: '"currency": "USDC"',
    type: '"eventType": "WALLET_FUNDS_DELIVERED_ACCOUNT"',
  },
  standard: {
    path: 'standard/constructed/money-in.json',
    amount: '"amount": "250.00"',
    currency: '"asset": "USD"',
    type: '"type": "FundsDelivered"',
  },
};

/** Above the parser's bound, and deep enough to end a recursion that has none. */
const nestingLevels = 20_000;

export const creditOf = (provider: ProviderName): Uint8Array => readSample(credits[provider].path);

/** Every way in which a signed body can be broken, for one provider. */
export function malformedBodies(provider: ProviderName): readonly MalformedBody[] {
  const { amount, currency, type } = credits[provider];
  const bytes = creditOf(provider);
  const text = new TextDecoder().decode(bytes);
  const nameOf = (member: string) => member.slice(0, member.indexOf(':'));
  const changed = (from: string, to: string): Uint8Array => {
    if (!text.includes(from)) throw new Error(`${credits[provider].path} has no ${from}`);
    return new TextEncoder().encode(text.replace(from, to));
  };
  const amountAs = (written: string) => changed(amount, `${nameOf(amount)}: ${written}`);
  const withMember = (member: string) => changed('{', `{${member},`);
  const nested = `${'['.repeat(nestingLevels)}${']'.repeat(nestingLevels)}`;
  const bodies: readonly (readonly [string, string, Uint8Array])[] = [
    ['truncated JSON', 'payload-malformed', bytes.subarray(0, Math.floor(bytes.length / 2))],
    ['an empty body', 'payload-malformed', new Uint8Array()],
    ['a list', 'payload-malformed', new TextEncoder().encode(`[${text}]`)],
    ['bytes that are not UTF-8', 'payload-malformed', withInvalidByte(bytes)],
    ['a raw null byte', 'payload-malformed', withMember('"note": "a\u0000b"')],
    ['an escaped null byte', 'null-byte', withMember('"note": "a\\u0000b"')],
    ['deep nesting', 'nesting-too-deep', withMember(`"note": ${nested}`)],
    ['a key given twice', 'duplicate-key', changed(amount, `${amount}, ${amount}`)],
    ['an amount that is an object', 'field-malformed', amountAs('{"value": 1}')],
    ['an amount that is true', 'field-malformed', amountAs('true')],
    ['an amount in words', 'amount-malformed', amountAs('"a lot"')],
    ['a negative amount', 'amount-negative', amountAs('"-5.00"')],
    ['an amount above the bound', 'amount-too-large', amountAs('"1000000001"')],
    ['an amount of a hundred thousand digits', 'field-malformed', amountAs('9'.repeat(100_000))],
    [
      'an amount with a huge exponent',
      // Canonical events write amounts as text: the number is refused before it is read.
      provider === 'standard' ? 'field-malformed' : 'amount-malformed',
      amountAs('1e999999999'),
    ],
    [
      'an amount below the smallest unit',
      'amount-too-precise',
      amountAs('"0.0000000000000000000000001"'),
    ],
    [
      'a type that nobody documented',
      'type-unknown',
      changed(type, `${nameOf(type)}: "MONEY_FOUND"`),
    ],
    [
      'a currency that nobody knows',
      provider === 'cryptomate' ? 'token-unlisted' : 'asset-unknown',
      changed(currency, `${nameOf(currency)}: "0x0000000000000000000000000000000000000bad"`),
    ],
  ];
  return bodies.map(([name, code, body]) => ({ provider, name, code, body }));
}

/** A byte that begins no character, inside the first text. */
function withInvalidByte(bytes: Uint8Array): Uint8Array {
  const broken = Uint8Array.from(bytes);
  broken[broken.indexOf(0x22) + 1] = 0xff;
  return broken;
}

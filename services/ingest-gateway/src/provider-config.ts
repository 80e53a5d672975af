import {
  type ProvidersConfig,
  parseTokens,
  standardKey,
  wellKnownTokens,
} from '@counterfoil/providers';
import {
  choiceText,
  type ConfigFault,
  type ConfigOf,
  defineConfig,
  type Environment,
  flagText,
  integerText,
  listText,
  variable,
} from '@counterfoil/runtime';
import { z } from 'zod';

const secret = (meaning: string) =>
  variable(listText, {
    default: '',
    defaultMeans: 'none: the provider is off',
    meaning,
    isSecret: true,
  });

const tokensText = z.string().transform((text, context) => {
  const tokens = parseTokens(text);
  if (tokens.ok) return tokens.value;
  context.addIssue({ code: 'custom', message: tokens.error.message });
  return z.NEVER;
});

const standardSecrets = listText.refine(
  (secrets) => secrets.every((secret) => standardKey(secret) !== null),
  { message: 'must be whsec_ and the base64 of 24 to 64 bytes (two with a comma between them)' },
);

/** Credentials and settings of the providers; a provider without a credential is off. */
export const providerConfig = defineConfig({
  CRYPTOMATE_WEBHOOK_KEY: secret(
    'The key that CryptoMate sends; two with a comma during a rotation',
  ),
  CRYPTOFUSE_WEBHOOK_SECRET: secret('The secret CryptoFuse signs with; two during a rotation'),
  FOURPAY_WEBHOOK_SECRET: secret('The secret 4pay signs with; two during a rotation'),
  CALYPSO_API_KEY: variable(listText, {
    default: '',
    defaultMeans: 'none: the provider is off',
    meaning: 'The public key of the Calypso subscription; several with commas',
  }),
  CALYPSO_SECRET: secret('The secrets of CALYPSO_API_KEY, in the same order'),
  STANDARD_WEBHOOK_SECRET: variable(standardSecrets, {
    default: '',
    defaultMeans: 'none: the provider is off',
    meaning:
      'The Standard Webhooks secret (whsec_ and base64) of systems that send canonical events; two during a rotation',
    isSecret: true,
  }),
  CRYPTOMATE_TOKENS: variable(tokensText, {
    default: wellKnownTokens,
    defaultMeans: 'the well-known dollar stablecoins',
    meaning:
      'blockchain:contract=ASSET pairs with commas: which tokens are which asset; a token not listed is never credited',
  }),
  CRYPTOMATE_CLEARING_AMOUNT_MEANS: variable(choiceText(['piece', 'running-total']), {
    default: 'piece',
    meaning: 'Whether each of several clearings of a purchase states its piece or the total so far',
  }),
  CRYPTOMATE_BILL_AMOUNT_INCLUDES_FEES: variable(flagText, {
    default: 'false',
    meaning: 'Whether CryptoMate counts its fees inside bill_amount',
  }),
  CRYPTOMATE_DEFI_CARDS: variable(choiceText(['decline', 'decide']), {
    default: 'decline',
    meaning: 'What happens to authorizations of DeFi cards, whose signature is not checked',
  }),
  CRYPTOFUSE_SIGNATURE: variable(
    choiceText(['sha256-hex', 'sha512-hex', 'sha256-base64', 'sha512-base64']),
    { default: 'sha256-hex', meaning: 'Hash and encoding of the signature of CryptoFuse' },
  ),
  CRYPTOFUSE_SECRET_PREFIX: variable(choiceText(['keep', 'strip']), {
    default: 'keep',
    meaning: 'Whether whsk_ is part of the secret of CryptoFuse',
  }),
  CRYPTOFUSE_WITHDRAWAL_FEE: variable(choiceText(['on-top', 'inside']), {
    default: 'on-top',
    meaning: 'Whether the fee of a withdrawal comes on top of its amount',
  }),
  FOURPAY_SIGNATURE: variable(choiceText(['a', 'a-or-b']), {
    default: 'a',
    meaning: 'Whether api-notification-sign (scheme B) alone is accepted too',
  }),
  FOURPAY_TRANSACTION_FEE: variable(choiceText(['on-top', 'inside', 'separate']), {
    default: 'on-top',
    meaning: 'How the feeAmount of 4pay relates to the amount of its transaction',
  }),
  CALYPSO_TRANSLATION_AMOUNT_IS: variable(choiceText(['gross', 'net']), {
    default: 'gross',
    meaning: 'Whether the service fee is inside the amount of a settled invoice',
  }),
  CALYPSO_PAYOUT_RESERVE_AT: variable(choiceText(['order', 'in-progress']), {
    default: 'order',
    meaning: 'When a payout reserves: with our order, or when Calypso works on it',
  }),
  AMOUNT_MAX: variable(
    integerText({ min: 1, max: Number.MAX_SAFE_INTEGER }).transform((units) => BigInt(units)),
    {
      default: '1000000000',
      meaning: 'Larger amounts, in whole units of any asset, are quarantined',
    },
  ),
});

export type ProviderConfig = ConfigOf<typeof providerConfig>;

/**
 * What no variable of a provider can see alone: Calypso's keys and secrets belong together, one to
 * one, or one key with several secrets, or one secret with several keys.
 */
export function providerConfigFaults(environment: Environment): readonly ConfigFault[] {
  const countOf = (name: 'CALYPSO_API_KEY' | 'CALYPSO_SECRET'): number => {
    const parsed = providerConfig[name].parse(environment[name]);
    return parsed.ok ? parsed.value.length : 0;
  };
  const keys = countOf('CALYPSO_API_KEY');
  const secrets = countOf('CALYPSO_SECRET');
  if (keys > 0 && secrets === 0)
    return [{ variable: 'CALYPSO_SECRET', message: 'must be set where CALYPSO_API_KEY is' }];
  if (keys === 0 && secrets > 0)
    return [{ variable: 'CALYPSO_API_KEY', message: 'must be set where CALYPSO_SECRET is' }];
  if (keys > 1 && secrets > 1 && keys !== secrets)
    return [
      { variable: 'CALYPSO_SECRET', message: 'must have one secret for each CALYPSO_API_KEY' },
    ];
  return [];
}

/** The adapters' settings. A configuration with faults between its variables never comes here. */
export function providersFrom(config: ProviderConfig): ProvidersConfig {
  const calypsoKeys = config.CALYPSO_API_KEY;
  return {
    amountMax: config.AMOUNT_MAX,
    cryptomate:
      config.CRYPTOMATE_WEBHOOK_KEY.length === 0
        ? null
        : {
            keys: config.CRYPTOMATE_WEBHOOK_KEY,
            tokens: config.CRYPTOMATE_TOKENS,
            settings: {
              clearingAmountMeans: config.CRYPTOMATE_CLEARING_AMOUNT_MEANS,
              billAmountIncludesFees: config.CRYPTOMATE_BILL_AMOUNT_INCLUDES_FEES,
              defiCards: config.CRYPTOMATE_DEFI_CARDS,
            },
          },
    cryptofuse:
      config.CRYPTOFUSE_WEBHOOK_SECRET.length === 0
        ? null
        : {
            secrets: config.CRYPTOFUSE_WEBHOOK_SECRET,
            settings: {
              signature: config.CRYPTOFUSE_SIGNATURE,
              secretPrefix: config.CRYPTOFUSE_SECRET_PREFIX,
              withdrawalFee: config.CRYPTOFUSE_WITHDRAWAL_FEE,
            },
          },
    fourpay:
      config.FOURPAY_WEBHOOK_SECRET.length === 0
        ? null
        : {
            secrets: config.FOURPAY_WEBHOOK_SECRET,
            settings: {
              signature: config.FOURPAY_SIGNATURE,
              transactionFee: config.FOURPAY_TRANSACTION_FEE,
            },
          },
    calypso:
      calypsoKeys.length === 0 || config.CALYPSO_SECRET.length === 0
        ? null
        : {
            credentials: calypsoCredentials(calypsoKeys, config.CALYPSO_SECRET),
            settings: {
              translationAmountIs: config.CALYPSO_TRANSLATION_AMOUNT_IS,
              payoutReserveAt: config.CALYPSO_PAYOUT_RESERVE_AT,
            },
          },
    standard:
      config.STANDARD_WEBHOOK_SECRET.length === 0
        ? null
        : { secrets: config.STANDARD_WEBHOOK_SECRET },
  };
}

/** One secret serves several keys, and one key several secrets during a rotation. */
const calypsoCredentials = (keys: readonly string[], secrets: readonly string[]) =>
  Array.from({ length: Math.max(keys.length, secrets.length) }, (_, index) => ({
    key: keys[index] ?? keys[0] ?? '',
    secret: secrets[index] ?? secrets[0] ?? '',
  }));

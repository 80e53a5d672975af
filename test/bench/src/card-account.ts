import {
  type AccountCommand,
  accountId,
  assetOf,
  type CommandContext,
  commandId,
  correlationId,
  eventId,
  instant,
} from '@counterfoil/domain';
import type { Clock } from '@counterfoil/runtime';

const dollar = assetOf('USD');
if (!dollar.ok) throw new Error(dollar.error.message);
const oneDollar = { asset: dollar.value, units: 1_000_000n };

const contextOf = (clock: Clock): CommandContext => {
  const id = clock.randomId();
  return { commandId: commandId(id), correlationId: correlationId(id), now: instant(clock.now()) };
};

/** Opens an account and gives it more than the benchmark can hold. */
export const openCardAccount = (clock: Clock): readonly AccountCommand[] => [
  {
    type: 'OpenAccount',
    data: {
      owner: { place: 'account', accountId: accountId('hot'), kind: 'player' },
      openedFor: null,
    },
    context: contextOf(clock),
  },
  {
    type: 'PostAdjustment',
    data: {
      adjustmentId: 'bench',
      amount: { ...oneDollar, units: 10n ** 18n },
      direction: 'credit',
      reason: 'benchmark',
      actor: 'bench',
      effectiveAt: null,
    },
    context: contextOf(clock),
  },
];

/** A card authorization as CryptoMate's adapter makes it, decided by the real account. */
export function authorizationOf(clock: Clock): AccountCommand {
  const context = contextOf(clock);
  const id = context.commandId;
  const at = context.now;
  return {
    type: 'DecideAuthorization',
    data: {
      aliases: [],
      isCardLinked: true,
      declineBecause: null,
      event: {
        eventId: eventId(id),
        type: 'AuthorizationRequested',
        occurredAt: at,
        receivedAt: at,
        source: {
          provider: 'cryptomate',
          dialect: 'C',
          adapterVersion: 1,
          channel: 'webhook',
          deliveryId: id,
          providerEvent: 'cards/authorization/pending',
          bodySha256: id,
        },
        idempotencyKey: id,
        effectKey: `cryptomate|authorization|${id}|requested`,
        subject: { kind: 'card', id: 'crd_bench' },
        owners: [{ provider: 'cryptomate', kind: 'card', externalId: 'crd_bench' }],
        references: {},
        flags: [],
        data: {
          cardId: 'crd_bench',
          linkId: id,
          authorizationId: id,
          amount: oneDollar,
          fees: [],
          holdTotal: oneDollar,
          merchant: null,
          merchantAmount: null,
          channel: null,
          answerBy: at,
          isConfirmationExpected: true,
          refusal: null,
        },
      },
    },
    context,
  };
}

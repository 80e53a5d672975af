import type { CanonicalOf, CardStatus } from '@counterfoil/domain';
import { accountOf, causeOf, type RecordedEvent } from '../ledger-event.ts';
import type { CardKey } from './card-name.ts';
import type { CardRow } from './schema.ts';

/** What one event makes of what is known of a card. */
export function cardAfter(
  known: CardRow | undefined,
  key: CardKey,
  recorded: RecordedEvent,
): CardRow {
  const card = withOwner(known ?? newCard(key, recorded), recorded);
  const cause = causeOf(recorded);
  return cause?.type === 'CardStatusChanged' ? withStatus(card, cause.data) : card;
}

const newCard = ({ provider, cardId }: CardKey, recorded: RecordedEvent): CardRow => ({
  provider,
  cardId,
  accountId: null,
  status: null,
  reason: null,
  changedAt: null,
  reportedAsset: null,
  reportedUnits: null,
  reportedAt: null,
  firstSeenAt: recorded.recordedAt,
});

/** Whoever was linked, or records facts of the card last, has it: money that moves comes with its facts. */
function withOwner(card: CardRow, recorded: RecordedEvent): CardRow {
  const { event } = recorded;
  switch (event.type) {
    case 'ReferenceLinked':
      return { ...card, accountId: event.data.accountId };
    case 'ReferenceUsed':
    case 'ReferenceHolderNamed':
    case 'ReferenceIdsTold':
    case 'ReferenceReviewResolved':
    case 'MoneyMovedOut':
    case 'NoticeRecorded':
      return card;
    default:
      return { ...card, accountId: accountOf(recorded) ?? card.accountId };
  }
}

/** Of states that changed at one instant the later in this list stands, whichever is told first. */
const finality: readonly CardStatus[] = [
  'creating',
  'creation-failed',
  'active',
  'frozen',
  'blocked',
  'expired',
  'closed',
];

function withStatus(card: CardRow, reported: CanonicalOf<'CardStatusChanged'>['data']): CardRow {
  const { status, reason, changedAt, reportedBalance } = reported;
  const withBalance =
    reportedBalance !== null && (card.reportedAt === null || changedAt >= card.reportedAt)
      ? {
          ...card,
          reportedAsset: reportedBalance.asset,
          reportedUnits: reportedBalance.units,
          reportedAt: changedAt,
        }
      : card;
  return isLater(card, status, changedAt)
    ? { ...withBalance, status, reason, changedAt }
    : withBalance;
}

function isLater(card: CardRow, status: CardStatus, changedAt: number): boolean {
  if (card.status === null || card.changedAt === null) return true;
  const isClosed = card.status === 'closed';
  if (isClosed !== (status === 'closed')) return !isClosed;
  if (changedAt !== card.changedAt) return changedAt > card.changedAt;
  return finality.indexOf(status) >= finality.indexOf(card.status);
}

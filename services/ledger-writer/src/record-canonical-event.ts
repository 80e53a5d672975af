import {
  type AccountId,
  type AccountRejection,
  type CanonicalEvent,
  type CanonicalOf,
  type CommandContext,
  commandId,
  correlationId,
  instant,
  invariant,
  isOrderEvent,
  type Reference,
  routeOf,
  sentAs,
  type TransferSide,
} from '@counterfoil/domain';
import {
  booksOf,
  claimedOwners,
  derivedContext,
  foundBy,
  foundByClaim,
  isOrderReference,
  type Ledger,
  nameHolder,
  nameHolderOfTold,
  preparedOwner,
  type ResolvedOwner,
  resolveLatestOwner,
  tellIds,
} from '@counterfoil/ledger';

// An owner changes while a reference is being linked; it settles after a step or two.
const resolutionsMax = 5;

/**
 * Records what one canonical event means, in every stream it concerns. Given again, in part or in
 * whole, it records nothing twice. Resolves when all of it is durable; throws on a fault, and then
 * the same event may be given again.
 */
export async function recordCanonicalEvent(
  ledger: Ledger,
  event: CanonicalEvent,
  now: number,
): Promise<void> {
  const context: CommandContext = {
    commandId: commandId(event.eventId),
    correlationId: correlationId(event.source.deliveryId),
    now: instant(now),
  };
  await tellIds(ledger, event, context);
  switch (routeOf(event)) {
    case 'notice':
      return recordNotice(ledger, event, context);
    case 'invoice':
      return recordInvoiceFact(ledger, event, context);
    case 'settlement': {
      const { accountId } = await recordInAccount(ledger, event, event.owners, null, context);
      return recordInInvoice(ledger, event, accountId, context);
    }
    case 'transfer':
      invariant(event.type === 'TransferCompleted', 'only a transfer has two ends');
      return recordTransfer(ledger, event, context);
    case 'authorization':
      invariant(event.type === 'AuthorizationRequested', 'only a request waits for a decision');
      return recordUnanswered(ledger, event, context);
    case 'account':
      return recordAccountFact(ledger, event, context);
  }
}

async function recordNotice(ledger: Ledger, event: CanonicalEvent, context: CommandContext) {
  const { provider } = event.source;
  const stream = `${provider}:${event.subject.kind}:${event.subject.id}`;
  await ledger.notices.handle(stream, { type: 'RecordNotice', data: { event }, context });
}

async function recordInvoiceFact(ledger: Ledger, event: CanonicalEvent, context: CommandContext) {
  const owner = await preparedOwner(ledger, event.owners, context);
  await nameHolderOfTold(ledger, { owners: event.owners, owner }, context);
  return recordInInvoice(ledger, event, owner.accountId, context);
}

async function recordInInvoice(
  ledger: Ledger,
  event: CanonicalEvent,
  accountId: AccountId,
  context: CommandContext,
) {
  const invoiceId = 'invoiceId' in event.data ? event.data.invoiceId : event.subject.id;
  // The same canonical event may also be recorded in an account, so the invoice's has its own id.
  const recorded = await ledger.invoices.handle(`${event.source.provider}:${invoiceId}`, {
    type: 'RecordInvoiceFact',
    data: { event, accountId },
    context: derivedContext(context, 'invoice'),
  });
  invariant(recorded.ok, 'a fact of an invoice is never refused');
}

async function recordAccountFact(ledger: Ledger, event: CanonicalEvent, context: CommandContext) {
  if (event.type === 'CardStatusChanged' && event.data.holder !== null) {
    const reference = {
      provider: event.source.provider,
      kind: 'card',
      externalId: event.data.cardId,
    } as const;
    await nameHolder(ledger, { reference, holder: event.data.holder }, context);
  }
  await recordInAccount(ledger, event, event.owners, null, context);
}

/** Two transactions in two streams that meet in transit; out of the house it is one. */
async function recordTransfer(
  ledger: Ledger,
  event: CanonicalOf<'TransferCompleted'>,
  context: CommandContext,
) {
  const { from, to, isOutsidePossible } = event.data;
  // That money has left is final, and another process may have linked `to` a moment ago.
  const isOurs = !isOutsidePossible || (await resolveLatestOwner(ledger, [to])).isLinked;
  // An order of ours counts before the wallet, and money of our own falls back on our account (R13).
  const ours = event.owners.filter(({ kind }) => kind === 'account');
  const sender = [...event.owners.filter(isOrderReference), from, ...ours];
  const sending = derivedContext(context, 'from');
  const sent = await recordInAccount(ledger, event, sender, isOurs ? 'from' : 'out', sending);
  // What was told before `to` was linked has left for good, however often it is told again.
  if (sentAs(await booksOf(ledger, sent.accountId).load(sent.accountId), event) === 'out') return;
  await recordInAccount(ledger, event, [to], 'to', derivedContext(context, 'to'));
}

/**
 * The relay hands over a request only after the time to decide it: one without an answer in its
 * stream was answered as declined, and is recorded so.
 */
async function recordUnanswered(
  ledger: Ledger,
  event: CanonicalOf<'AuthorizationRequested'>,
  context: CommandContext,
) {
  await withOwner(ledger, event.owners, context, async (owner, own) => {
    const decided = await booksOf(ledger, owner.accountId).handle(owner.accountId, {
      type: 'DecideAuthorization',
      data: {
        event,
        ...foundBy(owner),
        isCardLinked: owner.isLinked,
        declineBecause: 'deadline-passed',
      },
      context: own,
    });
    return decided.ok ? null : decided.error;
  });
}

async function recordInAccount(
  ledger: Ledger,
  event: CanonicalEvent,
  owners: readonly Reference[],
  side: TransferSide | null,
  context: CommandContext,
): Promise<ResolvedOwner> {
  const claimed = await claimedOwners(ledger, { event, side, owners }, context);
  return withOwner(ledger, claimed, context, async (owner, own) => {
    if (isOrderEvent(event) || event.type === 'InvoiceSettled')
      await nameHolderOfTold(ledger, { owners: event.owners, owner }, own);
    const found = claimed === owners ? foundBy(owner) : await foundByClaim(ledger, owner, owners);
    const recorded = await booksOf(ledger, owner.accountId).handle(owner.accountId, {
      type: 'RecordFact',
      data: { event, side, ...found },
      context: own,
    });
    return recorded.ok ? null : recorded.error;
  });
}

/** Resolves the owner again when a reference is linked between the look-up and the append. */
async function withOwner(
  ledger: Ledger,
  owners: readonly Reference[],
  context: CommandContext,
  record: (owner: ResolvedOwner, context: CommandContext) => Promise<AccountRejection | null>,
): Promise<ResolvedOwner> {
  for (let attempt = 0; attempt < resolutionsMax; attempt += 1) {
    const owner = await preparedOwner(ledger, owners, context);
    // One command belongs to one stream: at another owner it has another id.
    const rejection = await record(owner, derivedContext(context, owner.accountId));
    if (rejection === null) return owner;
    invariant(
      rejection.code === 'reference-moved',
      `a fact is never refused: ${rejection.message}`,
    );
  }
  throw new Error('The owner of an event changed again and again; it will be tried later');
}

import {
  type AccountCommand,
  type AccountId,
  type AccountKind,
  type AccountRejection,
  accountDecider,
  accountId as accountIdOf,
  type Checkpoint,
  type CommandContext,
  type CommandId,
  type CorrelationId,
  err,
  type Instant,
  type InvoiceRejection,
  invariant,
  type Money,
  ok,
  type Order,
  type Reference,
  type ReferenceRejection,
  referenceKey,
  type Result,
  type Ruling,
} from '@counterfoil/domain';
import { booksOf, derivedCommandId, derivedContext, isSuspense, type Ledger } from './ledger.ts';
import { linkReference } from './link-reference.ts';
import { resolveLatestOwner, resolveOwner } from './owner-resolution.ts';

/** Who asks, when, and under which id: the same `commandId` again is the same command. */
export type LedgerRequest = Readonly<{
  commandId: CommandId;
  correlationId: CorrelationId;
  now: Instant;
  actor: string;
}>;

type Receipt = Readonly<{ accountId: AccountId; position: Checkpoint | null }>;
type Outcome = Result<Receipt, AccountRejection | ReferenceRejection | InvoiceRejection>;

/** The commands of the API over the one write path. Durable on return; a throw is a fault. */
export function ledgerCommands(ledger: Ledger) {
  const inBooks = async (
    accountId: AccountId,
    command: Omit<AccountCommand, 'context'>,
    context: CommandContext,
  ): Promise<Outcome> => {
    // `Omit` over the union loses which data belongs to which type; each caller below pairs them.
    const handled = await booksOf(ledger, accountId).handle(accountId, {
      ...command,
      context,
    } as AccountCommand);
    return handled.ok ? ok({ accountId, position: handled.value.position }) : handled;
  };

  /** What waits in suspense is nobody's account: only the rulings of its reviews go there. */
  const inAccount: typeof inBooks = async (accountId, command, context) =>
    isSuspense(accountId)
      ? err({ code: 'account-not-found', message: 'There is no such account.' })
      : inBooks(accountId, command, context);

  const link = async (
    { reference, accountId }: Readonly<{ reference: Reference; accountId: AccountId }>,
    request: LedgerRequest,
  ): Promise<Outcome> => {
    const { accounts } = ledger;
    const isKnown = (await accounts.load(accountId)).owner !== null;
    if (!isKnown && (await accounts.loadLatest(accountId)).owner === null)
      return err({ code: 'account-not-found', message: 'There is no such account.' });
    const linked = await linkReference(
      ledger,
      { reference, accountId, actor: request.actor },
      request,
    );
    return linked.ok ? ok({ accountId, position: linked.value }) : linked;
  };

  return {
    /**
     * An account that a reference is refused stays, empty: opened after its references are linked,
     * money that comes in between would belong to an account that is not there.
     */
    openAccount: async (
      account: Readonly<{
        accountId: AccountId | null;
        kind: AccountKind;
        references: readonly Reference[];
      }>,
      request: LedgerRequest,
    ): Promise<Outcome> => {
      const conflict = await linkedElsewhere(ledger, account.accountId, account.references);
      if (conflict !== null) return conflict;
      const accountId =
        account.accountId ?? (await meantOrNew(ledger, account.references, request));
      const owner = { place: 'account', accountId, kind: account.kind } as const;
      let outcome = await inAccount(
        accountId,
        { type: 'OpenAccount', data: { owner, openedFor: null } },
        // The kind too: another kind is another command, and not a repeat of the first.
        { ...request, commandId: derivedCommandId(`account ${accountId}`, `open ${account.kind}`) },
      );
      for (const reference of account.references) {
        if (!outcome.ok) return outcome;
        const linked = await link({ reference, accountId }, request);
        const position = linked.ok ? (linked.value.position ?? outcome.value.position) : null;
        outcome = linked.ok ? ok({ accountId, position }) : linked;
      }
      return outcome;
    },

    linkReference: link,

    freezeAccount: (
      { accountId, reason }: Readonly<{ accountId: AccountId; reason: string }>,
      request: LedgerRequest,
    ) => inAccount(accountId, { type: 'FreezeAccount', data: { reason } }, request),

    unfreezeAccount: (
      { accountId, reason }: Readonly<{ accountId: AccountId; reason: string }>,
      request: LedgerRequest,
    ) => inAccount(accountId, { type: 'UnfreezeAccount', data: { reason } }, request),

    closeAccount: (
      { accountId, reason }: Readonly<{ accountId: AccountId; reason: string }>,
      request: LedgerRequest,
    ) => inAccount(accountId, { type: 'CloseAccount', data: { reason } }, request),

    setCreditLimit: (
      { accountId, limit }: Readonly<{ accountId: AccountId; limit: Money }>,
      request: LedgerRequest,
    ) => inAccount(accountId, { type: 'SetCreditLimit', data: { limit } }, request),

    postAdjustment: (
      adjustment: Readonly<{
        accountId: AccountId;
        adjustmentId: string;
        amount: Money;
        direction: 'credit' | 'debit';
        reason: string;
        effectiveAt: Instant | null;
      }>,
      request: LedgerRequest,
    ) => {
      const { accountId, ...posted } = adjustment;
      const data = { ...posted, actor: request.actor };
      return inAccount(accountId, { type: 'PostAdjustment', data }, request);
    },

    /**
     * The order's id is linked first, so that whatever the provider reports of it finds the account,
     * and no two accounts reserve money for one id. Where the money is spent meanwhile the id stays
     * linked to the account, which takes the same order when it can pay.
     */
    placeOrder: async (
      { accountId, order }: Readonly<{ accountId: AccountId; order: Order }>,
      request: LedgerRequest,
    ): Promise<Outcome> => {
      const { provider, kind, orderId } = order;
      const reference: Reference = { provider, kind, externalId: orderId };
      const refused = await refusedBeforeLinking(ledger, accountId, order, request);
      if (refused !== null) return refused;
      const linked = await link({ reference, accountId }, request);
      if (!linked.ok) return linked;
      const context = derivedContext(request, `order ${provider} ${kind} ${orderId}`);
      const placed = await inAccount(accountId, { type: 'PlaceOrder', data: { order } }, context);
      if (!placed.ok) return placed;
      return ok({ accountId, position: placed.value.position ?? linked.value.position });
    },

    resolveReview: async (
      resolution: Readonly<{ reviewId: string; stream: string; ruling: Ruling; note: string }>,
      request: LedgerRequest,
    ): Promise<Outcome> => {
      const { stream, ...ruled } = resolution;
      const data = { ...ruled, actor: request.actor };
      const dash = stream.indexOf('-');
      const id = stream.slice(dash + 1);
      const category = stream.slice(0, dash);
      if (category !== 'invoice' && category !== 'reference')
        return inBooks(accountIdOf(id), { type: 'ResolveReview', data }, request);
      const handled =
        category === 'invoice'
          ? await ledger.invoices.handle(id, {
              type: 'ResolveInvoiceReview',
              data,
              context: request,
            })
          : await ledger.references.handle(id, {
              type: 'ResolveReferenceReview',
              data,
              context: request,
            });
      return handled.ok
        ? ok({ accountId: accountIdOf(id), position: handled.value.position })
        : handled;
    },
  };
}

/** By the latest: the account that is opened next, or the answer that it is there, is for good. */
async function linkedElsewhere(
  ledger: Ledger,
  accountId: AccountId | null,
  references: readonly Reference[],
): Promise<Outcome | null> {
  let owner = accountId;
  for (const reference of references) {
    const found = await resolveLatestOwner(ledger, [reference]);
    if (!found.isLinked || found.aliases.length > 0) continue;
    owner ??= found.accountId;
    if (found.accountId !== owner)
      return {
        ok: false,
        error: {
          code: 'reference-linked-elsewhere',
          message: `${reference.provider}:${reference.kind}:${reference.externalId} belongs to another account.`,
        },
      };
  }
  return null;
}

/**
 * Without an id the references say which account is meant, else they make its id, so that all who
 * open it at once open the same one; without references the request does.
 */
async function meantOrNew(
  ledger: Ledger,
  references: readonly Reference[],
  request: LedgerRequest,
): Promise<AccountId> {
  for (const reference of references) {
    const found = await resolveOwner(ledger, [reference]);
    if (found.isLinked) return found.accountId;
  }
  invariant(request.commandId.length > 0, 'a command has an id');
  const [first] = references.map(referenceKey).sort();
  return accountIdOf(
    first === undefined ? request.commandId : derivedCommandId(first, 'account opened for it'),
  );
}

/**
 * An order that nobody has told of and that its account refuses leaves no link behind, so that the
 * platform can place it again under the same id. So this looks at the latest: a refusal on an old
 * balance would be repeated, and a link that an old balance lets pass stays. Whether the order is
 * taken is decided again afterwards.
 */
async function refusedBeforeLinking(
  ledger: Ledger,
  accountId: AccountId,
  order: Order,
  request: LedgerRequest,
): Promise<Outcome | null> {
  const { provider, kind, orderId } = order;
  const key = referenceKey({ provider, kind, externalId: orderId });
  const [{ linkedTo, usedBy }, account] = await Promise.all([
    ledger.references.loadLatest(key),
    booksOf(ledger, accountId).loadLatest(accountId),
  ]);
  if (linkedTo !== null || usedBy.length > 0) return null;
  const command: AccountCommand = { type: 'PlaceOrder', data: { order }, context: request };
  const decided = accountDecider.decide(command, account);
  return decided.ok ? null : decided;
}

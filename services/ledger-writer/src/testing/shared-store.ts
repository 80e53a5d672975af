import {
  type AccountEvent,
  accountId,
  type CanonicalEvent,
  formatUnits,
  balanceOf,
  type Reference,
} from '@counterfoil/domain';
import { amountOf, contextOf, noon, totalsOf } from '@counterfoil/domain/testing';
import { inMemoryEventStore } from '@counterfoil/event-store';
import {
  booksOf,
  derivedCommandId,
  type Ledger,
  ledger,
  ledgerCommands,
  type UnknownAccounts,
} from '@counterfoil/ledger';
import { manualClock } from '@counterfoil/runtime/testing';
import { finishMoves } from '../finish-moves.ts';
import { recordCanonicalEvent } from '../record-canonical-event.ts';

/** One store, and any number of processes on it, each with a ledger and a memory of its own. */
export function sharedStore(unknownAccounts: UnknownAccounts = 'open') {
  const clock = manualClock();
  const store = inMemoryEventStore({ clock });
  const log = async () => (await store.readAll({ after: 'start', limit: 100_000 })).events;
  let requests = 0;

  /** `diesBefore`: the process cannot append an event of this type, as if it had died there. */
  const startProcess = ({
    diesBefore,
    on = store,
  }: Readonly<{ diesBefore?: AccountEvent['type']; on?: typeof store }> = {}) => {
    const mortal: typeof store = {
      ...on,
      appendToStream: async (append) => {
        if (append.events.some(({ event }) => event.type === diesBefore)) throw new Error('killed');
        return on.appendToStream(append);
      },
    };
    const books: Ledger = ledger({ store: mortal, unknownAccounts });
    const commands = ledgerCommands(books);
    const request = () => {
      requests += 1;
      const commandId = derivedCommandId('request', `${requests}`);
      return { ...contextOf(commandId), commandId, actor: 'test' };
    };
    return {
      books,
      commands,
      request,
      record: (event: CanonicalEvent) => recordCanonicalEvent(books, event, noon),
      link: async (id: string, reference: Reference) => {
        const linked = await commands.linkReference(
          { reference, accountId: accountId(id) },
          request(),
        );
        if (!linked.ok) throw new Error(linked.error.message);
      },
      open: async (id: string, ...references: readonly Reference[]) => {
        const opened = await commands.openAccount(
          { accountId: accountId(id), kind: 'player', references },
          request(),
        );
        if (!opened.ok) throw new Error(opened.error.message);
      },
      /** As a process does when it starts: every move that the log begins is brought to its end. */
      finish: async () => finishMoves(books, clock, await log()),
      /** `available held reserved`, as this process knows them. */
      money: async (id: string, assetCode = 'USD') => {
        const { asset } = amountOf('0', assetCode);
        const account = await booksOf(books, accountId(id)).load(accountId(id));
        const { available, held, reserved } = balanceOf(account, asset);
        return [available, held, reserved].map((units) => formatUnits(units, asset)).join(' ');
      },
    };
  };

  return {
    clock,
    store,
    startProcess,
    log,
    /** What each address has by the log, in units. */
    totals: async () => {
      const events = (await log()).map(({ event }) => event);
      return totalsOf(events as readonly AccountEvent[]);
    },
  };
}

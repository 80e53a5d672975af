import { type CommandContext, commandId, correlationId, instant } from '@counterfoil/domain';
import { amountOf, deposits } from '@counterfoil/domain/testing';
import { inMemoryEventStore } from '@counterfoil/event-store';
import { systemClock } from '@counterfoil/runtime';
import { v5 } from 'uuid';
import { expect, test } from 'vitest';
import { ledger } from './ledger.ts';

const contextOf = (id: string): CommandContext => ({
  commandId: commandId(v5(id, v5.URL)),
  correlationId: correlationId(id),
  now: instant(0),
});

test('notices of many things are recorded at once', async () => {
  const store = inMemoryEventStore({ clock: systemClock() });
  const { notices } = ledger({ store, unknownAccounts: 'open' });
  const names = Array.from({ length: 50 }, (_each, n) => `deposit-${n}`);
  const recorded = names.map((name) =>
    notices.handle(name, {
      type: 'RecordNotice',
      data: { event: deposits.confirmed(name, amountOf('1')) },
      context: contextOf(name),
    }),
  );
  for (const each of await Promise.all(recorded)) expect(each.ok).toBe(true);
});

import { instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import type { DeliveryQuery, Inbox, InboxReason } from '../inbox/inbox.ts';
import { delivery, newestFirst } from './delivery.ts';
import {
  batch,
  canonicalEvents,
  idsOf,
  now,
  published,
  quarantined,
  reason,
  relayAll,
} from './relay-outcomes.ts';

/** Runs over every adapter. `fresh` gives an empty inbox. */
export function inboxContract(name: string, fresh: () => Promise<Inbox>): void {
  describe(`${name}: relaying`, () => {
    it('marks what was published and what was refused', async () => {
      const inbox = await fresh();
      const [good, bad, variant] = [delivery(), delivery(), delivery()];
      await inbox.store(good);
      await inbox.store(bad);
      await inbox.store({ ...variant, eventKey: good.eventKey });
      await relayAll(inbox, (row) => (row.id === bad.id ? quarantined(row) : published(row)));
      expect(await inbox.find(good.id)).toMatchObject({ status: 'processed', canonicalEvents });
      expect(await inbox.find(bad.id)).toMatchObject({ status: 'quarantined', reason });
      expect(await inbox.find(variant.id)).toMatchObject({ status: 'variant', canonicalEvents });
      expect(await relayAll(inbox)).toEqual([]);
      expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 1 });
    });

    it('hands all of a batch out again when its work fails', async () => {
      const inbox = await fresh();
      const given = [delivery(), delivery()];
      for (const each of given) await inbox.store(each);
      const failing = inbox.relay(batch, async () => {
        throw new Error('the bus is away');
      });
      await expect(failing).rejects.toThrow('the bus is away');
      expect(await relayAll(inbox)).toEqual(idsOf(given));
    });

    it('hands out one batch at a time', async () => {
      const inbox = await fresh();
      await inbox.store(delivery());
      let second: number | 'busy' = 0;
      await inbox.relay(batch, async (deliveries) => {
        second = await inbox.relay(batch, async () => []);
        return deliveries.map(published);
      });
      expect(second).toBe('busy');
    });

    it('leaves alone what is not available yet, of another provider, or beyond the limit', async () => {
      const inbox = await fresh();
      const later = delivery({ availableAt: instant(now + 1) });
      const foreign = delivery({ provider: '4pay' });
      const [first, second] = [delivery(), delivery()];
      for (const each of [later, foreign, first, second]) await inbox.store(each);
      const seen: string[] = [];
      const narrow = { providers: ['calypso'], now, limit: 1 } as const;
      const handedOut = await inbox.relay(narrow, async (deliveries) => {
        seen.push(...idsOf(deliveries));
        return deliveries.map(published);
      });
      expect([handedOut, seen]).toEqual([1, [first.id]]);
      const afterwards = { ...batch, now: instant(now + 1) };
      await inbox.relay(afterwards, async (deliveries) => {
        seen.push(...idsOf(deliveries));
        return deliveries.map(published);
      });
      expect(seen).toEqual([first.id, later.id, foreign.id, second.id]);
    });
  });

  describe(`${name}: quarantine and reading`, () => {
    it('settles a quarantined delivery and nothing else', async () => {
      const inbox = await fresh();
      const [refused, good] = [delivery(), delivery()];
      await inbox.store(refused);
      await relayAll(inbox, quarantined);
      await inbox.store(good);
      for (const { id } of [refused, good])
        await inbox.settle({ kind: 'published', deliveryId: id, canonicalEvents });
      expect(await inbox.find(refused.id)).toMatchObject({ status: 'processed', reason: null });
      expect(await inbox.find(good.id)).toMatchObject({ status: 'received' });
    });

    it('names the understood deliveries that tell what a quarantined one is a side of, whichever came first', async () => {
      const inbox = await fresh();
      const sides = Array.from({ length: 2 }, () => delivery());
      const [early = delivery(), late = delivery()] = sides;
      const near = delivery();
      const strangers = {
        tooLate: delivery(),
        another: delivery(),
        'another provider': delivery({ provider: '4pay' }),
        refused: delivery(),
        unmarked: delivery(),
      };
      const whole = delivery();
      for (const each of [early, near, ...Object.values(strangers), whole, late])
        await inbox.store(each);
      const at = (ms: number, movement = 'm') => ({ movement, at: instant(now + ms) });
      const counterparts = new Map([
        [early.id, at(0)],
        [late.id, at(0)],
        [whole.id, at(0)],
        [near.id, at(-60_000)],
        [strangers.tooLate.id, at(60_001)],
        [strangers.another.id, at(0, 'n')],
        [strangers['another provider'].id, at(0)],
        [strangers.refused.id, at(0)],
      ]);
      const isRefused = (id: string) => [early.id, late.id, strangers.refused.id].includes(id);
      await relayAll(inbox, (each) => {
        const counterpart = counterparts.get(each.id);
        const outcome = isRefused(each.id) ? quarantined(each) : published(each);
        return { ...outcome, ...(counterpart && { counterpart }) };
      });
      const found = async (id: string) => (await inbox.find(id))?.counterpartOf;
      expect(await found(early.id)).toEqual([near.id, whole.id]);
      expect(await found(late.id)).toEqual([near.id, whole.id]);
      expect(await found(whole.id)).toEqual([]);
      expect(await found(strangers.unmarked.id)).toEqual([]);
      const listed = await inbox.list({ ...newestFirst, status: 'quarantined' });
      expect(listed.map(({ counterpartOf }) => counterpartOf.length)).toEqual([2, 2, 2]);
      const again = { kind: 'published', deliveryId: early.id, canonicalEvents } as const;
      await inbox.settle(again);
      expect(await found(early.id)).toEqual([]);
      expect(await found(late.id)).toEqual([near.id, whole.id]);
    });

    it('names no more than ten of them', async () => {
      const inbox = await fresh();
      const [side, ...wholes] = Array.from({ length: 12 }, () => delivery());
      for (const each of [side, ...wholes]) if (each) await inbox.store(each);
      const counterpart = { movement: 'm', at: now };
      await relayAll(inbox, (each) => ({
        ...(each.id === side?.id ? quarantined(each) : published(each)),
        counterpart,
      }));
      const found = await inbox.find(side?.id ?? '');
      expect(found?.counterpartOf).toEqual(idsOf(wholes.slice(0, 10)));
    });

    it('lists newest first, by status and provider, in pages', async () => {
      const inbox = await fresh();
      const given = [delivery(), delivery({ provider: '4pay' }), delivery(), delivery()];
      for (const each of given) await inbox.store(each);
      const [oldest, foreign, middle, newest] = idsOf(given);
      const all = { ...newestFirst, limit: 2 };
      const page = await inbox.list(all);
      expect(idsOf(page)).toEqual([newest, middle]);
      const next = await inbox.list({ ...all, after: page[1]?.sequence ?? null });
      expect(idsOf(next)).toEqual([foreign, oldest]);
      expect(idsOf(await inbox.list({ ...all, provider: '4pay' }))).toEqual([foreign]);
      expect(await inbox.list({ ...all, status: 'quarantined' })).toEqual([]);
      expect(await inbox.list({ ...all, status: 'received', limit: 9 })).toHaveLength(4);
    });

    it('lists oldest first, by the reason and the time of receipt', async () => {
      const inbox = await fresh();
      const other: InboxReason = { ...reason, code: 'asset-unknown' };
      const given = [0, 1, 2, 3].map((minutes) =>
        delivery({
          receivedAt: instant(now + minutes * 60_000),
          reason: minutes === 2 ? other : minutes === 3 ? null : reason,
        }),
      );
      for (const each of given) await inbox.store(each);
      const [first, second, third, understood] = idsOf(given);
      const oldestFirst = { ...newestFirst, order: 'oldest-first' } as const;
      const listed = async (changes: Partial<DeliveryQuery>) =>
        idsOf(await inbox.list({ ...oldestFirst, ...changes }));
      expect(await listed({})).toEqual([first, second, third, understood]);
      expect(await listed({ code: 'type-unknown' })).toEqual([first, second]);
      expect(await listed({ code: 'asset-unknown' })).toEqual([third]);
      expect(await listed({ from: instant(now + 60_000) })).toEqual([second, third, understood]);
      expect(await listed({ to: instant(now + 60_000) })).toEqual([first]);
      const [one] = await inbox.list({ ...oldestFirst, limit: 1 });
      expect(await listed({ after: one?.sequence ?? null, limit: 2 })).toEqual([second, third]);
    });

    it('finds nothing under an id that is not one', async () => {
      const inbox = await fresh();
      expect(await inbox.find('no-uuid')).toBeNull();
      expect(await inbox.find('99999999-9999-4999-8999-999999999999')).toBeNull();
    });
  });
}

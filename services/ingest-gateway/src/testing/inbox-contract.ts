import { instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import type { DeliveryQuery, Inbox, InboxReason, StoreOutcome } from '../inbox/inbox.ts';
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
  describe(`${name}: storing`, () => {
    it('keeps the exact bytes and what is known of them', async () => {
      const inbox = await fresh();
      const body = Buffer.from([0, 255, 123, 10, 0]);
      const given = delivery({ body, eventKey: null });
      expect(await inbox.store(given)).toEqual({ outcome: 'stored', answer: null });
      const found = await inbox.find(given.id);
      expect(found && Buffer.from(found.body ?? []).equals(body)).toBe(true);
      const { id, provider, dialect, receivedAt, bodySha256, headers } = given;
      expect(found).toMatchObject({ id, provider, dialect, receivedAt, bodySha256, headers });
      expect(found).toMatchObject({ status: 'received', reason: null, eventKey: null });
    });

    it('calls a second delivery of the same body a duplicate, with the first one’s bytes', async () => {
      const inbox = await fresh();
      const first = delivery();
      const { eventKey, bodySha256, body } = first;
      const second = delivery({ eventKey, bodySha256, body: Buffer.from('{ "other": "space" }') });
      await inbox.store(first);
      expect(await inbox.store(second)).toEqual({ outcome: 'duplicate', answer: null });
      const found = await inbox.find(second.id);
      expect(found).toMatchObject({ status: 'duplicate', firstDeliveryId: first.id });
      expect(found && Buffer.from(found.body ?? []).toString()).toBe(body.toString());
      expect(await relayAll(inbox)).toEqual([first.id]);
    });

    it('calls another body of the same fact a variant, and its repeat a duplicate', async () => {
      const inbox = await fresh();
      const first = delivery();
      const variant = delivery({ eventKey: first.eventKey });
      const repeat = delivery({ ...variant, id: delivery().id });
      await inbox.store(first);
      expect((await inbox.store(variant)).outcome).toBe('variant');
      expect((await inbox.store(repeat)).outcome).toBe('duplicate');
      expect(await inbox.find(variant.id)).toMatchObject({
        status: 'variant',
        isVariant: true,
        firstDeliveryId: first.id,
      });
      expect(await inbox.find(repeat.id)).toMatchObject({ firstDeliveryId: variant.id });
    });

    it('tells providers apart that use the same event key', async () => {
      const inbox = await fresh();
      const first = delivery({ provider: 'calypso' });
      await inbox.store(first);
      const other = delivery({ ...first, id: delivery().id, provider: '4pay' });
      expect((await inbox.store(other)).outcome).toBe('stored');
    });

    it('takes equal unreadable bodies for one fact and different ones for two', async () => {
      const inbox = await fresh();
      const first = delivery({ eventKey: null });
      await inbox.store(first);
      const repeat = delivery({ ...first, id: delivery().id });
      expect((await inbox.store(repeat)).outcome).toBe('duplicate');
      expect((await inbox.store(delivery({ eventKey: null }))).outcome).toBe('stored');
    });

    it('gives each of many at once its own outcome, in order of arrival', async () => {
      const inbox = await fresh();
      const fact = delivery();
      const others = Array.from({ length: 50 }, () => delivery());
      const repeats = Array.from({ length: 20 }, () => delivery({ ...fact, id: delivery().id }));
      const variant = delivery({ eventKey: fact.eventKey });
      const all = [fact, ...others, ...repeats, variant];
      const outcomes = await Promise.all(all.map(inbox.store));
      expect(outcomes.map(({ outcome }) => outcome)).toEqual([
        'stored',
        ...others.map(() => 'stored'),
        ...repeats.map(() => 'duplicate'),
        'variant',
      ]);
      expect(await relayAll(inbox)).toEqual([fact.id, ...idsOf(others), variant.id]);
    });

    it('lets the body that came first stand when two of one fact come at once', async () => {
      const inbox = await fresh();
      const [first, variant] = [delivery(), delivery()];
      const all = [delivery(), first, { ...variant, eventKey: first.eventKey }];
      const outcomes = await Promise.all(all.map(inbox.store));
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'variant']);
    });

    it('stores event keys of any length and any text', async () => {
      const inbox = await fresh();
      for (const eventKey of ['k'.repeat(100_000), 'half \ud800 pair', 'nul \u0000 here']) {
        const given = delivery({ eventKey });
        expect((await inbox.store(given)).outcome).toBe('stored');
        const repeat = delivery({ ...given, id: delivery().id });
        expect((await inbox.store(repeat)).outcome).toBe('duplicate');
      }
    });

    it('puts a body that was refused already into quarantine, past the relay', async () => {
      const inbox = await fresh();
      const refused = delivery({ reason: { ...reason, path: 'nul \u0000 and \ud800' } });
      expect((await inbox.store(refused)).outcome).toBe('stored');
      expect(await inbox.find(refused.id)).toMatchObject({ status: 'quarantined' });
      expect(await relayAll(inbox)).toEqual([]);
    });

    it('takes no second delivery under an id that it has, and leaves the first as it is', async () => {
      const inbox = await fresh();
      const first = delivery();
      await inbox.store(first);
      await expect(inbox.store(first)).rejects.toThrow(first.id);
      await expect(inbox.store(delivery({ id: first.id }))).rejects.toThrow(first.id);
      expect(await inbox.find(first.id)).toMatchObject({ status: 'received' });
    });

    it('gives the recorded answer to a repeat', async () => {
      const inbox = await fresh();
      const first = delivery();
      const answer = { kind: 'declined', reason: 'deadline-passed' } as const;
      await inbox.store(first);
      await inbox.recordAnswer(first.id, answer);
      const repeat = delivery({ ...first, id: delivery().id });
      expect(await inbox.store(repeat)).toEqual({ outcome: 'duplicate', answer });
    });

    it('stores what was answered already with its answer, and a repeat with the first one’s', async () => {
      const inbox = await fresh();
      const first = delivery();
      const again = () => delivery({ ...first, id: delivery().id });
      const [declined, other] = [
        { kind: 'declined', reason: 'deadline-passed' },
        { kind: 'declined', reason: 'card-unknown' },
      ] as const;
      expect(await inbox.storeAnswered(first, declined)).toEqual({
        outcome: 'stored',
        answer: null,
      });
      const repeated = { outcome: 'duplicate', answer: declined };
      expect(await inbox.storeAnswered(again(), other)).toEqual(repeated);
      expect(await inbox.store(again())).toEqual(repeated);
    });

    it('shows no repeat the delivery without the answer that it is stored with', async () => {
      const inbox = await fresh();
      const answer = { kind: 'declined', reason: 'deadline-passed' } as const;
      for (let round = 0; round < 20; round += 1) {
        const first = delivery();
        let stored: StoreOutcome | null = null;
        const storing = inbox.storeAnswered(first, answer).then((outcome) => {
          stored = outcome;
        });
        const seen: StoreOutcome[] = [];
        while (stored === null)
          seen.push(await inbox.store(delivery({ ...first, id: delivery().id })));
        await storing;
        // A repeat that came before it is the first one, and has no answer yet.
        const isFirst = seen.every(({ outcome }) => outcome === 'duplicate');
        if (isFirst) expect(seen).toEqual(seen.map(() => ({ outcome: 'duplicate', answer })));
      }
    });
  });

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

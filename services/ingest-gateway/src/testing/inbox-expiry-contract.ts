import { instant } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import type { Inbox } from '../inbox/inbox.ts';
import { delivery } from './delivery.ts';
import { canonicalEvents, idsOf, now, reason, relayAll } from './relay-outcomes.ts';

/** Runs over every adapter. `fresh` gives an empty inbox. */
export function inboxExpiryContract(name: string, fresh: () => Promise<Inbox>): void {
  describe(`${name}: what is over its time`, () => {
    const receivedAt = (minutes: number) => ({ receivedAt: instant(now + minutes * 60_000) });
    const expired = { before: instant(now + 5 * 60_000), limit: 100 };
    const bodyOf = async (inbox: Inbox, id: string) => {
      const found = await inbox.find(id);
      return found?.body ? Buffer.from(found.body).toString() : null;
    };

    it('loses its bytes and headers, and is still known when it comes again', async () => {
      const inbox = await fresh();
      const first = delivery(receivedAt(0));
      const { eventKey, bodySha256 } = first;
      const repeat = delivery({ eventKey, bodySha256, ...receivedAt(1) });
      const variant = delivery({ eventKey, ...receivedAt(2) });
      const later = delivery(receivedAt(5));
      for (const each of [first, repeat, variant, later]) await inbox.store(each);
      await relayAll(inbox);
      expect(await inbox.removeBodies(expired)).toBe(3);
      for (const { id } of [first, repeat, variant]) {
        expect(await bodyOf(inbox, id)).toBeNull();
        expect((await inbox.find(id))?.headers.size).toBe(0);
      }
      expect(await inbox.find(first.id)).toMatchObject({ status: 'processed', canonicalEvents });
      expect(await bodyOf(inbox, later.id)).toBe(later.body.toString());
      const again = { ...first, id: delivery().id };
      expect((await inbox.store(again)).outcome).toBe('duplicate');
      expect(await bodyOf(inbox, again.id)).toBeNull();
      expect((await inbox.store(delivery({ eventKey }))).outcome).toBe('variant');
      expect(await inbox.removeBodies(expired)).toBe(1);
      expect(await inbox.removeBodies(expired)).toBe(0);
    });

    it('keeps all of what waits or lies in quarantine', async () => {
      const inbox = await fresh();
      const refused = delivery({ ...receivedAt(0), reason });
      const first = delivery(receivedAt(0));
      const variant = delivery({ eventKey: first.eventKey, ...receivedAt(0) });
      for (const each of [refused, first, variant]) await inbox.store(each);
      expect(await inbox.removeBodies(expired)).toBe(0);
      expect(await relayAll(inbox)).toEqual([first.id, variant.id]);
      expect(await bodyOf(inbox, refused.id)).toBe(refused.body.toString());
      await inbox.settle({ kind: 'published', deliveryId: refused.id, canonicalEvents });
      expect(await inbox.removeBodies(expired)).toBe(3);
    });

    it('goes the oldest first, so many at once', async () => {
      const inbox = await fresh();
      const [second, first, third] = [2, 1, 3].map((minutes) => delivery(receivedAt(minutes)));
      const refused = [5, 4].map((minutes) => delivery({ ...receivedAt(minutes), reason }));
      for (const each of [second, first, third, ...refused]) if (each) await inbox.store(each);
      await relayAll(inbox);
      expect(await inbox.removeBodies({ ...expired, limit: 2 })).toBe(2);
      expect(await bodyOf(inbox, third?.id ?? '')).not.toBeNull();
      const all = { before: instant(now + 60 * 60_000), limit: 1 };
      expect(idsOf(await inbox.removeQuarantined(all))).toEqual([refused[1]?.id]);
    });

    it('leaves quarantine without a trace, so that it is new when it comes again', async () => {
      const inbox = await fresh();
      const given = delivery({ ...receivedAt(0), reason });
      const later = delivery({ ...receivedAt(5), reason });
      const [repeat, again] = [delivery().id, delivery().id].map((id) => ({ ...given, id }));
      const processed = delivery(receivedAt(0));
      for (const each of [given, later, repeat, processed]) if (each) await inbox.store(each);
      await relayAll(inbox);
      const { eventKey, bodySha256 } = given;
      const removed = await inbox.removeQuarantined(expired);
      expect(removed).toMatchObject([{ id: given.id, reason, eventKey, bodySha256 }]);
      expect(await inbox.find(given.id)).toBeNull();
      expect(await bodyOf(inbox, repeat?.id ?? '')).toBeNull();
      expect(await inbox.find(processed.id)).toMatchObject({ status: 'processed' });
      expect(await inbox.count()).toEqual({ waiting: 0, quarantined: 1 });
      expect(await inbox.removeQuarantined(expired)).toEqual([]);
      if (again) expect((await inbox.store(again)).outcome).toBe('stored');
      expect(await bodyOf(inbox, again?.id ?? '')).toBe(given.body.toString());
    });

    it('leaves a variant of it in its place', async () => {
      const inbox = await fresh();
      const first = delivery({ ...receivedAt(0), reason });
      const variant = delivery({ eventKey: first.eventKey, ...receivedAt(0) });
      for (const each of [first, variant]) await inbox.store(each);
      await relayAll(inbox);
      expect(idsOf(await inbox.removeQuarantined(expired))).toEqual([first.id]);
      const repeat = { ...variant, id: delivery().id };
      expect((await inbox.store(repeat)).outcome).toBe('duplicate');
      expect(await inbox.find(repeat.id)).toMatchObject({ firstDeliveryId: variant.id });
      expect((await inbox.store({ ...first, id: delivery().id })).outcome).toBe('stored');
    });

    it('is measured, and of it the quarantine', async () => {
      const inbox = await fresh();
      const empty = await inbox.size();
      expect(empty).toMatchObject({ quarantinedBytes: 0, oldestQuarantinedAt: null });
      const refused = [1, 0].map((minutes) =>
        delivery({ ...receivedAt(minutes), reason, body: Buffer.alloc(60_000, minutes) }),
      );
      for (const each of [delivery(), ...refused]) await inbox.store(each);
      const full = await inbox.size();
      expect(full.quarantinedBytes).toBe(120_000);
      expect(full.oldestQuarantinedAt).toBe(now);
      expect(full.bytes).toBeGreaterThan(empty.bytes);
    });
  });
}

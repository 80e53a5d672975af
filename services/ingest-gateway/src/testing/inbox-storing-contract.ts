import { describe, expect, it } from 'vitest';
import type { Inbox, StoreOutcome } from '../inbox/inbox.ts';
import { delivery } from './delivery.ts';
import { idsOf, reason, relayAll } from './relay-outcomes.ts';

/** What comes in, and what it is: first, variant or duplicate. Runs over every adapter. */
export function inboxStoringContract(name: string, fresh: () => Promise<Inbox>): void {
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
}

import { instant } from '@counterfoil/domain';
import { type ManualClock, manualClock } from '@counterfoil/runtime/testing';
import { describe, expect, it } from 'vitest';
import {
  type RejectedBounds,
  rejectedBodyBytesMax,
  type RejectedDeliveries,
  type RejectedDelivery,
} from '../rejected/rejected-deliveries.ts';

const dayMs = 24 * 60 * 60 * 1000;
const bounds: RejectedBounds = { retentionMs: 30 * dayMs, bytesMax: 10_000 };

type Fresh = (
  options: Readonly<{ clock: ManualClock; bounds: RejectedBounds }>,
) => Promise<RejectedDeliveries>;

/** Runs over every adapter. `fresh` gives an empty store. */
export function rejectedContract(name: string, fresh: Fresh): void {
  const open = async () => {
    const clock = manualClock();
    const rejected = await fresh({ clock, bounds });
    const refused = (changes: Partial<RejectedDelivery> = {}): RejectedDelivery => ({
      deliveryId: clock.randomId(),
      provider: 'calypso',
      code: 'credential-wrong',
      receivedAt: instant(clock.now()),
      headers: new Map([
        ['content-type', 'application/json'],
        ['sign', 'a signature'],
      ]),
      body: Buffer.from([0, 255, 1]),
      ...changes,
    });
    const kept = async (limit = 1_000) => {
      // What writes behind the answer does so in its own time.
      await clock.advance(1_000);
      return rejected.after({ provider: 'calypso', sequence: '0', limit });
    };
    const idsKept = async () => (await kept()).map(({ deliveryId }) => deliveryId);
    return { clock, rejected, refused, kept, idsKept };
  };

  describe(name, () => {
    it('keeps bytes, headers and the reason, and of the credentials only digests', async () => {
      const { rejected, refused, kept } = await open();
      const given = refused();
      rejected.keep(given);
      await expect.poll(() => kept()).toHaveLength(1);
      const [row] = await kept();
      const { deliveryId, code, receivedAt } = given;
      expect(row).toMatchObject({ deliveryId, code, receivedAt });
      expect(Buffer.from(row?.body ?? [])).toEqual(given.body);
      expect([...(row?.headers.keys() ?? [])]).toEqual(['content-type']);
      expect(row?.credentialDigests).toEqual({
        sign: '804d0a048703df86f58c83c1a62fb2db84d001d9e819bb06bad4435f7f239fd1',
      });
      expect(await rejected.size()).toEqual({ count: 1, bytes: 3 });
      await rejected.remove(given.deliveryId);
      expect(await kept()).toEqual([]);
      expect(await rejected.size()).toEqual({ count: 0, bytes: 0 });
    });

    it('gives those of a provider in pages, oldest first', async () => {
      const { rejected, refused, kept, idsKept } = await open();
      const given = [refused(), refused({ provider: '4pay' }), refused(), refused()];
      for (const each of given) rejected.keep(each);
      const [first, , second, third] = given.map(({ deliveryId }) => deliveryId);
      await expect.poll(() => idsKept()).toEqual([first, second, third]);
      const [row] = await kept(1);
      const { sequence = '' } = row ?? {};
      const page = await rejected.after({ provider: 'calypso', sequence, limit: 1 });
      expect(page.map(({ deliveryId }) => deliveryId)).toEqual([second]);
    });

    it('removes what is over its time', async () => {
      const { rejected, refused, clock, idsKept } = await open();
      rejected.keep(refused());
      await expect.poll(() => idsKept()).toHaveLength(1);
      await clock.advance(2 * dayMs);
      const later = refused();
      rejected.keep(later);
      await expect.poll(() => idsKept()).toHaveLength(2);
      await clock.advance(29 * dayMs);
      await rejected.trim();
      expect(await idsKept()).toEqual([later.deliveryId]);
    });

    it('keeps the newest when their bytes are too many', async () => {
      const { rejected, refused, idsKept } = await open();
      const given = [0, 1, 2, 3].map(() => refused({ body: Buffer.alloc(4_000) }));
      for (const each of given) rejected.keep(each);
      const [, , third, fourth] = given.map(({ deliveryId }) => deliveryId);
      await expect.poll(() => idsKept()).toEqual([third, fourth]);
      await rejected.trim();
      expect(await idsKept()).toEqual([third, fourth]);
    });

    it('keeps no body that is larger than any webhook', async () => {
      const { rejected, refused, idsKept } = await open();
      rejected.keep(refused({ body: Buffer.alloc(rejectedBodyBytesMax + 1) }));
      const small = refused();
      rejected.keep(small);
      await expect.poll(() => idsKept()).toEqual([small.deliveryId]);
    });
  });
}

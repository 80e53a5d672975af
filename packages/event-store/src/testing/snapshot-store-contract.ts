import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SnapshotStore } from '../snapshot-store.ts';
import { at } from './new-events.ts';

export type SnapshotsUnderTest = Readonly<{ snapshots: SnapshotStore; stop: () => Promise<void> }>;

/** What every snapshot store promises. */
export function snapshotStoreContract(
  name: string,
  start: () => Promise<SnapshotsUnderTest>,
): void {
  describe(`${name} keeps the snapshot store's promises`, () => {
    let under: SnapshotsUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.stop());

    const snapshot = (stream: string, version: bigint, schemaVersion = 1) => ({
      stream,
      version: at(version),
      schemaVersion,
      state: { version: String(version), text: 'null \0 half \ud800', list: [1, null, true] },
    });

    test('there is none before one is saved, and none of another schema version', async () => {
      const stream = `counter-${randomUUID()}`;
      expect(await under.snapshots.load(stream, 1)).toBeNull();
      await under.snapshots.save(snapshot(stream, 3n));
      expect(await under.snapshots.load(stream, 1)).toEqual(snapshot(stream, 3n));
      expect(await under.snapshots.load(stream, 2)).toBeNull();
    });

    test('a later one replaces an earlier one, and not the other way round', async () => {
      const stream = `counter-${randomUUID()}`;
      await under.snapshots.save(snapshot(stream, 3n));
      await under.snapshots.save(snapshot(stream, 9n));
      await under.snapshots.save(snapshot(stream, 5n));
      expect(await under.snapshots.load(stream, 1)).toEqual(snapshot(stream, 9n));
    });

    test('one of another schema version replaces it, whatever its version', async () => {
      const stream = `counter-${randomUUID()}`;
      await under.snapshots.save(snapshot(stream, 9n));
      await under.snapshots.save(snapshot(stream, 5n, 2));
      expect(await under.snapshots.load(stream, 2)).toEqual(snapshot(stream, 5n, 2));
      expect(await under.snapshots.load(stream, 1)).toBeNull();
    });
  });
}

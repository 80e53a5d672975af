import { randomUUID } from 'node:crypto';
import { commandId } from '@counterfoil/domain';
import { v5 } from 'uuid';
import { expect, test } from 'vitest';
import { derivedEventId } from './derived-event-id.ts';

test('an event id is the UUIDv5 of its command and ordinal, as others compute it', () => {
  for (let n = 0; n < 200; n += 1) {
    const command = randomUUID();
    expect(derivedEventId(commandId(command), n)).toBe(v5(String(n), command));
  }
});

test('a command id that is no UUID is refused', () => {
  expect(() => derivedEventId(commandId('command-1'), 0)).toThrow('no UUID');
});

import { expect, test } from 'vitest';
import type { OutgoingRecord } from './kafka-record.ts';
import { MessageTooLarge, type SendQueue, sendQueue } from './send-queue.ts';

const record = (name: string, bytes = 100): OutgoingRecord => ({
  topic: 'notes',
  key: Buffer.from(name),
  value: Buffer.from(name),
  headers: {},
  bytes,
});
const records = (name: string, count: number, bytes = 100) =>
  Array.from({ length: count }, (_, index) => record(`${name}${index + 1}`, bytes));
const namesOf = (batch: ReturnType<SendQueue['next']>) =>
  batch.flatMap((waiting) => waiting.records.map(({ value }) => value.toString()));

test('calls go out together, in the order in which they came', () => {
  const queue = sendQueue();
  void queue.add(records('a', 2));
  void queue.add(records('b', 1));
  expect(namesOf(queue.next())).toEqual(['a1', 'a2', 'b1']);
  expect(queue.next()).toEqual([]);
});

test('a request holds at most 500 messages and 900 kB', () => {
  const queue = sendQueue();
  void queue.add(records('a', 1_200));
  void queue.add(records('b', 4, 400_000));
  const sizes: number[] = [];
  for (let batch = queue.next(); batch.length > 0; batch = queue.next())
    sizes.push(namesOf(batch).length);
  expect(sizes).toEqual([500, 500, 202, 2]);
});

test('a call is settled when its last part is', async () => {
  const queue = sendQueue();
  let isSettled = false;
  const added = queue.add(records('a', 600)).then(() => {
    isSettled = true;
  });
  for (const part of queue.next()) queue.settle(part, null);
  await Promise.resolve();
  expect(isSettled).toBe(false);
  for (const part of queue.next()) queue.settle(part, null);
  await added;
  expect(isSettled).toBe(true);
});

test('after a failed part the others of its call stay behind, and other calls go on', async () => {
  const queue = sendQueue();
  const failing = queue.add(records('a', 600));
  const fine = queue.add(records('b', 1));
  const [first] = queue.next();
  if (first) queue.settle(first, new Error('refused'));
  const batch = queue.next();
  expect(namesOf(batch)).toEqual(['b1']);
  for (const part of batch) queue.settle(part, null);
  await expect(failing).rejects.toThrow('refused');
  await fine;
});

test('a full queue lets further calls wait outside, in turn', () => {
  const queue = sendQueue();
  for (const name of ['a', 'b', 'c']) void queue.add(records(name, 20, 800_000));
  void queue.add(records('d', 1));
  const sent: string[] = [];
  for (let batch = queue.next(); batch.length > 0; batch = queue.next())
    sent.push(...namesOf(batch));
  expect(sent).toHaveLength(61);
  expect([sent[0], sent[20], sent[40], sent[60]]).toEqual(['a1', 'b1', 'c1', 'd1']);
});

test('a message that no broker takes is refused before anything of its call is queued', async () => {
  const queue = sendQueue();
  await expect(queue.add([record('a'), record('b', 1_000_001)])).rejects.toThrow(MessageTooLarge);
  expect(queue.next()).toEqual([]);
});

test('closing fails whatever waits, inside and outside', async () => {
  const queue = sendQueue();
  const calls = ['a', 'b', 'c'].map((name) => queue.add(records(name, 20, 800_000)));
  queue.failAll(new Error('closed'));
  for (const call of calls) await expect(call).rejects.toThrow('closed');
  expect(queue.next()).toEqual([]);
});

import { manualClock } from '@counterfoil/runtime/testing';
import { expect, it } from 'vitest';
import { interrupts } from './interrupts.ts';

function heard() {
  const clock = manualClock();
  const listeners: (() => void)[] = [];
  const source = {
    on: (_signal: string, listener: () => void) => listeners.push(listener),
    exit: () => {},
  };
  let count = 0;
  interrupts(source, clock).on('SIGINT', () => {
    count += 1;
  });
  const interrupt = () => {
    for (const listener of listeners) listener();
  };
  return { clock, interrupt, count: () => count };
}

it('takes the Ctrl-C that npm passes on once more for the same one', () => {
  const { interrupt, count } = heard();
  interrupt();
  interrupt();
  expect(count()).toBe(1);
});

it('hears a second Ctrl-C of a person who waited', async () => {
  const { clock, interrupt, count } = heard();
  interrupt();
  await clock.advance(1_500);
  interrupt();
  expect(count()).toBe(2);
});

import { expect, test } from 'vitest';
import { lifecycle } from './lifecycle.ts';
import { silentLogger } from './logger.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { manualClock } from './testing/manual-clock.ts';

function parts() {
  const clock = manualClock();
  const told: string[] = [];
  const whole = lifecycle({ clock, logger: silentLogger, partTimeoutMs: 1000 });
  const start = (name: string, stop: () => Promise<void> = async () => {}) =>
    whole.start(name, async () => {
      told.push(`start ${name}`);
      return {
        value: name,
        stop: async () => {
          told.push(`stop ${name}`);
          await stop();
        },
      };
    });
  return { clock, told, whole, start };
}

test('parts stop in reverse order of their start, once', async () => {
  const { told, whole, start } = parts();
  expect(await start('pool')).toBe('pool');
  await start('server');
  const both = await Promise.all([whole.stop('done'), whole.stop('again')]);
  expect(both).toEqual([true, true]);
  expect(told).toEqual(['start pool', 'start server', 'stop server', 'stop pool']);
});

test('a part that hangs or fails does not keep the others from stopping', async () => {
  const { clock, told, whole, start } = parts();
  await start('pool');
  await start('hanging', () => new Promise<void>(() => {}));
  await start('failing', () => Promise.reject(new Error('no')));
  const stopped = whole.stop('done');
  await clock.advance(1000);
  expect(await stopped).toBe(false);
  expect(told.slice(3)).toEqual(['stop failing', 'stop hanging', 'stop pool']);
});

test('a part that does not start stops what started before it', async () => {
  const { told, whole, start } = parts();
  await start('pool');
  const failing = whole.start('server', () => Promise.reject(new Error('port taken')));
  await expect(failing).rejects.toThrow('port taken');
  expect(told).toEqual(['start pool', 'stop pool']);
  await expect(start('late')).rejects.toThrow('the process is stopping');
});

test('stopping waits for a part that is just starting, which is stopped at once', async () => {
  const { clock, told, whole, start } = parts();
  await start('pool');
  let isBegun = () => {};
  const begun = new Promise<void>((resolve) => {
    isBegun = resolve;
  });
  const starting = whole.start('server', async () => {
    await begun;
    return { value: null, stop: async () => void told.push('stop server') };
  });
  let isStopped = false;
  const stopped = whole.stop('done').then((isClean) => {
    isStopped = true;
    return isClean;
  });
  await clock.advance(999);
  expect([told, isStopped]).toEqual([['start pool'], false]);
  isBegun();
  await expect(starting).rejects.toThrow('the process is stopping');
  expect(await stopped).toBe(true);
  expect(told).toEqual(['start pool', 'stop server', 'stop pool']);
});

test('a part that never starts does not keep the others from stopping', async () => {
  const { clock, told, whole, start } = parts();
  await start('pool');
  void whole.start('server', () => new Promise<never>(() => {}));
  const stopped = whole.stop('done');
  await clock.advance(1000);
  expect(await stopped).toBe(false);
  expect(told).toEqual(['start pool', 'stop pool']);
});

function signals() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  const source = {
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    exit: (code: number) => void exits.push(code),
  };
  return { source, exits, raise: (signal: string) => listeners.get(signal)?.() };
}

test('a signal stops in order and exits with 0', async () => {
  const { clock, whole, told, start } = parts();
  const { source, exits, raise } = signals();
  await start('pool');
  stopOnSignals(whole, { clock, logger: silentLogger, source });
  raise('SIGTERM');
  await clock.advance(0);
  expect([told, exits]).toEqual([['start pool', 'stop pool'], [0]]);
});

test('a second signal and the hard timer end a process that does not stop', async () => {
  const { clock, whole, start } = parts();
  const { source, exits, raise } = signals();
  await start('one', () => new Promise<void>(() => {}));
  await start('two', () => new Promise<void>(() => {}));
  stopOnSignals(whole, { clock, logger: silentLogger, source, hardTimeoutMs: 1500 });
  raise('SIGINT');
  raise('SIGINT');
  expect(exits).toEqual([1]);
  await clock.advance(1500);
  expect(exits).toEqual([1, 1]);
});

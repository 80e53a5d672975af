import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providerNames } from '@counterfoil/domain';
import { silentLogger, systemClock } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { consoleOutput } from '../output.ts';
import { program } from '../program/program.ts';

// Start-up, on cores that others use too.
const timeoutMs = 60_000;

/** What reaches the process only through the command's own signals, and what it then ends with. */
function ownSignals() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  const signals = {
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    exit: (code: number) => void exits.push(code),
  };
  return { signals, exits, raise: () => listeners.get('SIGINT')?.() };
}

test(
  'the system stops in order on the signals that its command hears, and exits with 0',
  async () => {
    const { database, url, drop } = await testDatabase({ connectionsMax: 1 });
    const dataDir = mkdtempSync(join(tmpdir(), 'counterfoil-start-'));
    const { signals, exits, raise } = ownSignals();
    const ready: unknown[] = [];
    const clock = systemClock();
    const connections = async () => {
      const { rows } = await database.query(
        `select count(*)::text as count from pg_stat_activity
       where application_name = 'counterfoil' and datname = current_database()`,
      );
      return rows[0]?.['count'];
    };
    try {
      const command = program({
        environment: { PORT: '0', DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'fatal' },
        clock,
        logger: silentLogger,
        output: { ...consoleOutput(clock.now), json: (value) => void ready.push(value) },
        signal: new AbortController().signal,
        signals,
        fail: () => {},
      });
      await command.parseAsync(['start', '--json'], { from: 'user' });
      expect(ready).toEqual([
        {
          ready: true,
          url: expect.stringMatching(/^http:/),
          api: expect.stringMatching(/\/v1$/),
          webhooks: {},
          off: [...providerNames],
          adminApiKey: expect.any(String),
        },
      ]);
      raise();
      await expect.poll(() => exits, { timeout: timeoutMs }).toEqual([0]);
      await expect.poll(connections, { timeout: timeoutMs }).toBe('0');
    } finally {
      await drop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
  timeoutMs,
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@counterfoil/runtime';
import { testDatabase } from '@counterfoil/runtime/testing';
import { expect, test } from 'vitest';
import { consoleOutput } from '../output.ts';
import { start } from './start.ts';

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
    const lines: string[] = [];
    const clock = systemClock();
    const connections = async () => {
      const { rows } = await database.query(
        `select count(*)::text as count from pg_stat_activity
       where application_name = 'counterfoil' and datname = current_database()`,
      );
      return rows[0]?.['count'];
    };
    try {
      await start({
        environment: { PORT: '0', DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'fatal' },
        clock,
        logger: silentLogger,
        output: { ...consoleOutput(clock.now), line: (text) => void lines.push(text) },
        signal: new AbortController().signal,
        signals,
        fail: () => {},
      });
      expect(lines[0]).toMatch(/^Counterfoil is ready: http/);
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

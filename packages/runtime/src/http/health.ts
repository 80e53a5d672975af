import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { HttpServer } from './http-server.ts';
import { problemError } from './problem.ts';

/** Resolves when what it stands for works; a rejection, or silence, means not ready. */
export type ReadinessCheck = Readonly<{ name: string; check: () => Promise<void> }>;

/** An orchestrator's probe usually waits a second or more; a check slower than this is a failed one. */
const checkDeadlineMs = 900;

const live = z.object({ status: z.literal('live') });
const ready = z.object({
  status: z.literal('ready'),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean() })),
});

/** `/health/live`: the process turns. `/health/ready`: every check passes, else 503 `not-ready`. */
export function registerHealth(
  server: HttpServer,
  { checks, clock }: Readonly<{ checks: readonly ReadinessCheck[]; clock: Clock }>,
): void {
  const schema = { tags: ['operations'], security: [] };
  server.get(
    '/health/live',
    { schema: { ...schema, summary: 'Whether the process turns', response: { 200: live } } },
    () => ({ status: 'live' as const }),
  );
  server.get(
    '/health/ready',
    { schema: { ...schema, summary: 'Whether requests can be served', response: { 200: ready } } },
    async () => {
      const outcomes = await Promise.all(
        checks.map(async (check) => ({ name: check.name, ok: await passes(check, clock) })),
      );
      const failed = outcomes.filter((outcome) => !outcome.ok).map((outcome) => outcome.name);
      if (failed.length > 0)
        throw problemError('not-ready', `Not ready: ${failed.join(', ')}.`, { checks: outcomes });
      return { status: 'ready' as const, checks: outcomes };
    },
  );
}

async function passes({ check }: ReadinessCheck, clock: Clock): Promise<boolean> {
  const giveUp = new AbortController();
  const passed = check().then(
    () => true,
    () => false,
  );
  const late = clock.sleep(checkDeadlineMs, giveUp.signal).then(() => false);
  try {
    return await Promise.race([passed, late]);
  } finally {
    giveUp.abort();
  }
}

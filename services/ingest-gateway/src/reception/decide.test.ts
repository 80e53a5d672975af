import type { AuthorizationRequested } from '@counterfoil/domain';
import type { AuthorizationDecision } from '@counterfoil/providers';
import { readSample, sampleAdapters } from '@counterfoil/providers/testing';
import { manualClock } from '@counterfoil/runtime/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { inMemoryInbox } from '../inbox/in-memory-inbox.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { newestFirst } from '../testing/delivery.ts';
import { type TestGateway, testGateway } from '../testing/test-gateway.ts';

const { cryptomate } = sampleAdapters();
const request = readSample('cryptomate/constructed/c/cards-authorization-pending.json');
const approved: AuthorizationDecision = { kind: 'approved' };
const [yes, no] = ['{"response_code":"00"}', '{"response_code":"05"}'];

let running: TestGateway | null = null;
const start = async (...given: Parameters<typeof testGateway>): Promise<TestGateway> => {
  running = await testGateway(...given);
  return running;
};
afterEach(async () => {
  await running?.close();
  running = null;
});

const codeOf = async (gateway: TestGateway, body: Uint8Array | string = request) => {
  const answer = await gateway.deliver(cryptomate, body);
  expect(answer.status).toBe(200);
  return answer.body;
};

/** Decides as told, and keeps what it was asked and what was withdrawn. */
function authorizerOf(decide: () => Promise<AuthorizationDecision>) {
  const asked: AuthorizationRequested[] = [];
  const deadlines: number[] = [];
  const withdrawn: string[] = [];
  return {
    asked,
    deadlines,
    withdrawn,
    decide: (question: AuthorizationRequested, deadlineAt: number) => {
      asked.push(question);
      deadlines.push(deadlineAt);
      return decide();
    },
    withdraw: async ({ data }: AuthorizationRequested) => {
      withdrawn.push(data.authorizationId);
    },
  };
}

it('answers with the decision, archives the request, and keeps it from the relay for a while', async () => {
  const clock = manualClock();
  const authorizer = authorizerOf(async () => approved);
  const gateway = await start({ authorizer, clock });
  expect(await codeOf(gateway)).toBe(yes);
  expect(authorizer.asked.map(({ type }) => type)).toEqual(['AuthorizationRequested']);
  expect(authorizer.deadlines[0]).toBeLessThanOrEqual(800);
  expect(await gateway.inbox.count()).toEqual({ waiting: 1, quarantined: 0 });
  gateway.gateway.start();
  await clock.advance(1_500);
  expect(gateway.bus.published).toEqual([]);
  await clock.advance(500);
  expect(gateway.bus.published.map(({ type }) => type)).toEqual(['AuthorizationRequested']);
  expect(gateway.bus.published[0]?.eventId).toBe(authorizer.asked[0]?.eventId);
  const metrics = await gateway.metricsText();
  expect(metrics).toMatch(/authorization_seconds_count\{[^}]*decision="approved"} 1/);
});

it('passes the reason of a decline on in the provider’s codes', async () => {
  const reason = 'insufficient-funds';
  const gateway = await start({
    authorizer: authorizerOf(async () => ({ kind: 'declined', reason })),
  });
  expect(await codeOf(gateway)).toBe('{"response_code":"51"}');
});

it('declines and quarantines a request that it cannot read, without asking', async () => {
  const authorizer = authorizerOf(async () => approved);
  const gateway = await start({ authorizer });
  const truncated = request.subarray(0, 120);
  const mismatch = readSample(
    'cryptomate/constructed/c/cards-authorization-pending-currency-mismatch.json',
  );
  for (const body of [truncated, mismatch]) expect(await codeOf(gateway, body)).toBe(no);
  const rows = await gateway.inbox.list({ ...newestFirst, status: 'quarantined' });
  expect(rows.map(({ reason }) => reason?.code)).toEqual([
    'currency-mismatch',
    'payload-malformed',
  ]);
  expect(authorizer.asked).toEqual([]);
});

it('gives the same request the same answer', async () => {
  const gateway = await start({ authorizer: authorizerOf(async () => approved) });
  expect([await codeOf(gateway), await codeOf(gateway)]).toEqual([yes, yes]);
  const rows = await gateway.inbox.list(newestFirst);
  expect(rows.map(({ status }) => status)).toEqual(['duplicate', 'received']);
});

it('declines another body under the id of a request', async () => {
  const gateway = await start({ authorizer: authorizerOf(async () => approved) });
  expect(await codeOf(gateway)).toBe(yes);
  const other = request.toString().replace(/"bill_amount": "\d+/, '"bill_amount": "7');
  expect(other).not.toBe(request.toString());
  expect(await codeOf(gateway, other)).toBe(no);
});

it('declines at its own deadline, and gives a repeat the same answer', async () => {
  const clock = manualClock();
  let answer: (decision: AuthorizationDecision) => void = () => {};
  const authorizer = authorizerOf(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const gateway = await start({ authorizer, clock });
  const answering = codeOf(gateway);
  await expect.poll(() => authorizer.asked.length).toBe(1);
  await clock.advance(800);
  expect(await answering).toBe(no);
  expect(await gateway.metricsText()).toMatch(/stand_ins_total\{[^}]*cause="deadline-passed"} 1/);
  answer(approved);
  await expect.poll(() => authorizer.withdrawn).toHaveLength(1);
  const again = codeOf(gateway);
  await expect.poll(() => authorizer.asked.length).toBe(2);
  answer(approved);
  expect(await again).toBe(no);
});

it('declines when the authorizer fails', async () => {
  const authorizer = authorizerOf(() => Promise.reject(new Error('the store is away')));
  const gateway = await start({ authorizer });
  expect(await codeOf(gateway)).toBe(no);
  expect(await gateway.inbox.count()).toEqual({ waiting: 1, quarantined: 0 });
  expect(await gateway.metricsText()).toMatch(/cause="authorizer-failed"} 1/);
});

it('withdraws what may have been approved when the authorizer fails before it answers', async () => {
  const authorizer = authorizerOf(async () => {
    throw new Error('the connection was cut');
  });
  const gateway = await start({ authorizer });
  expect(await codeOf(gateway)).toBe(no);
  await vi.waitFor(() =>
    expect(authorizer.withdrawn).toEqual([authorizer.asked[0]?.data.authorizationId]),
  );
});

it('declines when the authorizer throws at once, and archives the request all the same', async () => {
  const decide = () => {
    throw new Error('a bug');
  };
  const gateway = await start({ authorizer: { decide } });
  expect(await codeOf(gateway)).toBe(no);
  expect(await gateway.inbox.count()).toEqual({ waiting: 1, quarantined: 0 });
});

it('never approves what is not archived; archives it later and withdraws the approval', async () => {
  const inbox = inMemoryInbox();
  const authorizer = authorizerOf(async () => approved);
  const gateway = await start({ authorizer, inbox: awayFor(3, inbox) });
  expect(await codeOf(gateway)).toBe(no);
  await expect.poll(() => authorizer.withdrawn).toHaveLength(1);
  expect((await inbox.list(newestFirst)).map(({ status }) => status)).toEqual(['received']);
  expect(await codeOf(gateway)).toBe(no);
});

it('archives a request later together with its answer, so that no repeat comes in between', async () => {
  const inbox = inMemoryInbox();
  const authorizer = authorizerOf(async () => approved);
  const recordAnswer = () => new Promise<void>(() => {});
  const gateway = await start({ authorizer, inbox: { ...awayFor(1, inbox), recordAnswer } });
  expect(await codeOf(gateway)).toBe(no);
  await expect.poll(async () => (await inbox.list(newestFirst)).length).toBe(1);
  expect(await codeOf(gateway)).toBe(no);
});

it('lets an approval stand that a first delivery got, when the archive is away for the repeat', async () => {
  const inbox = inMemoryInbox();
  const authorizer = authorizerOf(async () => approved);
  let isAway = false;
  const store: Inbox['store'] = async (delivery) => {
    if (!isAway) return inbox.store(delivery);
    isAway = false;
    throw new Error('the database is away');
  };
  const gateway = await start({ authorizer, inbox: { ...inbox, store } });
  expect(await codeOf(gateway)).toBe(yes);
  isAway = true;
  expect(await codeOf(gateway)).toBe(no);
  await expect.poll(async () => (await inbox.list(newestFirst)).length).toBe(2);
  expect(authorizer.withdrawn).toEqual([]);
});

it('withdraws again and again while the authorizer is away', async () => {
  let failuresLeft = 3;
  const authorizer = authorizerOf(() => Promise.reject(new Error('the connection was cut')));
  const withdraw = async (question: AuthorizationRequested) => {
    failuresLeft -= 1;
    if (failuresLeft >= 0) throw new Error('still away');
    await authorizer.withdraw(question);
  };
  const gateway = await start({ authorizer: { ...authorizer, withdraw } });
  expect(await codeOf(gateway)).toBe(no);
  await expect.poll(() => authorizer.withdrawn, { timeout: 5_000 }).toHaveLength(1);
});

function awayFor(failures: number, inbox: Inbox): Inbox {
  let failuresLeft = failures;
  const away = async () => {
    failuresLeft -= 1;
    if (failuresLeft >= 0) throw new Error('the database is away');
  };
  const store: Inbox['store'] = async (delivery) => {
    await away();
    return inbox.store(delivery);
  };
  const storeAnswered: Inbox['storeAnswered'] = async (delivery, answer) => {
    await away();
    return inbox.storeAnswered(delivery, answer);
  };
  return { ...inbox, store, storeAnswered };
}

it('waits for the archive before it approves', async () => {
  const inbox = inMemoryInbox();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const store: Inbox['store'] = async (delivery) => {
    await held;
    return inbox.store(delivery);
  };
  const authorizer = authorizerOf(async () => approved);
  const gateway = await start({ authorizer, inbox: { ...inbox, store } });
  let isAnswered = false;
  const answering = codeOf(gateway).finally(() => {
    isAnswered = true;
  });
  await expect.poll(() => authorizer.asked.length).toBe(1);
  expect(isAnswered).toBe(false);
  release();
  expect(await answering).toBe(yes);
});

it('does not withdraw the approval behind the first answer when only the repeat is late', async () => {
  const inbox = inMemoryInbox();
  const clock = manualClock();
  const authorizer = authorizerOf(async () => approved);
  let isSlow = false;
  const store: Inbox['store'] = async (delivery) => {
    if (isSlow) await clock.sleep(900);
    return inbox.store(delivery);
  };
  const gateway = await start({ authorizer, clock, inbox: { ...inbox, store } });
  expect(await codeOf(gateway)).toBe(yes);
  isSlow = true;
  const repeat = codeOf(gateway);
  await expect.poll(() => authorizer.asked.length).toBe(2);
  await clock.advance(1_000);
  expect(await repeat).toBe(no);
  expect(authorizer.withdrawn).toEqual([]);
});

/** Decides once for each request, and an approval that is withdrawn is none any more. */
function authorizerWithMemory() {
  const decisions = new Map<string, AuthorizationDecision>();
  const asked: string[] = [];
  return {
    asked,
    decisions,
    decide: async ({ eventId }: AuthorizationRequested) => {
      asked.push(eventId);
      const decision = decisions.get(eventId) ?? approved;
      decisions.set(eventId, decision);
      return decision;
    },
    withdraw: async ({ eventId }: AuthorizationRequested) => {
      decisions.set(eventId, { kind: 'declined', reason: 'deadline-passed' });
    },
  };
}

/** An inbox whose deliveries, each by its number, are stored only when told. */
function inboxWithGates() {
  const inbox = inMemoryInbox();
  const gates: (() => void)[] = [];
  const store: Inbox['store'] = async (delivery) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return inbox.store(delivery);
  };
  return { inbox: { ...inbox, store }, gates };
}

it('gives a repeat the stand-in decline of a first delivery that is not archived yet', async () => {
  const clock = manualClock();
  const authorizer = authorizerWithMemory();
  const { inbox, gates } = inboxWithGates();
  const recordAnswer: Inbox['recordAnswer'] = async (deliveryId, answer) => {
    await clock.sleep(50);
    return inbox.recordAnswer(deliveryId, answer);
  };
  const gateway = await start({ authorizer, clock, inbox: { ...inbox, recordAnswer } });
  const first = codeOf(gateway);
  await expect.poll(() => gates.length).toBe(1);
  await clock.advance(800);
  expect(await first).toBe(no);
  const repeat = codeOf(gateway);
  await expect.poll(() => gates.length).toBe(2);
  for (const open of gates) open();
  expect(await repeat).toBe(no);
  await expect.poll(() => [...authorizer.decisions.values()]).not.toContainEqual(approved);
  await clock.advance(50);
  const third = codeOf(gateway);
  await expect.poll(() => gates.length).toBe(3);
  gates[2]?.();
  expect(await third).toBe(no);
});

it('lets an approval stand that a repeat got while the first delivery was late', async () => {
  const clock = manualClock();
  const authorizer = authorizerWithMemory();
  const { inbox, gates } = inboxWithGates();
  const gateway = await start({
    authorizer: {
      ...authorizer,
      decide: async (question) => {
        const decision = await authorizer.decide(question);
        if (authorizer.asked.length > 1) return decision;
        await clock.sleep(1_000);
        throw new Error('the answer was lost on its way');
      },
    },
    clock,
    inbox,
  });
  const first = codeOf(gateway);
  await expect.poll(() => gates.length).toBe(1);
  gates[0]?.();
  await clock.advance(700);
  const repeat = codeOf(gateway);
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.();
  expect(await repeat).toBe(yes);
  await clock.advance(100);
  expect(await first).toBe(no);
  await clock.advance(10_000);
  expect([...authorizer.decisions.values()]).toEqual([approved]);
});

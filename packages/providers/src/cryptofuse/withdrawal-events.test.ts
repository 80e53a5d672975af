import { describe, expect, it } from 'vitest';
import {
  at,
  type Fields,
  g1,
  g2a,
  g2b,
  keyOf,
  only,
  withdrawal,
} from '../testing/cryptofuse-delivery.ts';
import { ownersOf, plain } from '../testing/event-text.ts';
import { withdrawalStatuses } from './event-names.ts';

describe('the rows of withdrawals', () => {
  const completed = {
    type: 'WithdrawalCompleted',
    effectKey: 'cryptofuse|withdrawal|wd-1|completed',
  };
  const returned = { type: 'WithdrawalFailed', effectKey: 'cryptofuse|withdrawal|wd-1|returned' };
  const step = { type: 'WithdrawalProgressed', effectKey: null };
  const expected: Readonly<Record<(typeof withdrawalStatuses)[number], Fields>> = {
    pending: { type: 'WithdrawalRequested', effectKey: 'cryptofuse|withdrawal|wd-1|requested' },
    approved: { ...step, data: { stage: 'approved' } },
    processing: { ...step, data: { stage: 'processing' } },
    submitted: { ...step, data: { stage: 'submitted' } },
    confirmed: { ...step, data: { stage: 'confirmed' } },
    completed,
    rejected: { ...returned, data: { outcome: 'rejected' } },
    failed: { ...returned, data: { outcome: 'failed' } },
    cancelled: { ...returned, data: { outcome: 'canceled' } },
  };
  const names: Readonly<Record<string, (typeof withdrawalStatuses)[number]>> = {
    'withdrawal.created': 'pending',
    'withdrawal.approved': 'approved',
    'withdrawal.processing': 'processing',
    'withdrawal.completed': 'completed',
    'withdrawal.failed': 'failed',
    'withdrawal.cancelled': 'cancelled',
  };
  const owners = ['withdrawal wd-1', 'withdrawal WD-9', 'account default'];

  it.each(Object.entries(names))('%s is told with and without a status', (name, status) => {
    for (const data of [withdrawal, { ...withdrawal, status }]) {
      const event = only(g1(name, data));
      expect(event).toMatchObject(expected[status]);
      expect(ownersOf(event)).toEqual(owners);
      expect(event.flags).toContain('assumed-mapping');
    }
  });

  it.each(withdrawalStatuses)('withdrawal.status_changed %s is told', (status) => {
    const event = only(g1('withdrawal.status_changed', { ...withdrawal, status }));
    expect(event).toMatchObject(expected[status]);
    expect(event.source.providerEvent).toBe(`withdrawal.status_changed ${status}`);
  });

  it.each(withdrawalStatuses)('a G2 event with %s is told by its shape (decision 4)', (status) => {
    for (const name of ['withdrawal_status_update', 'anything_else']) {
      const body = g2b(name, { ...withdrawal, status });
      const event = only(body);
      expect(event).toMatchObject(expected[status]);
      expect(event.flags).toContain('assumed-mapping');
      expect(keyOf(body)).toBe(`${name}|wd-1|${status}|${at}`);
      const { withdrawal_id: id, ...rest } = withdrawal;
      expect(only(g2a(name, { ...rest, id, status }))).toMatchObject(expected[status]);
    }
  });

  it('carry amount, fee, destination and hash', () => {
    const data = { ...withdrawal, transaction_hash: '0xBB22', wallet_id: 'wal-1' };
    const event = only(g1('withdrawal.completed', data));
    expect(plain(event)).toEqual({
      withdrawalId: 'wd-1',
      amount: '100.50 USDT:ETHEREUM',
      fees: [{ kind: 'other', amount: '1.50 USDT:ETHEREUM' }],
      destination: '0xabc',
      chainHash: '0xbb22',
    });
    expect(ownersOf(event)).toEqual(['withdrawal wd-1', 'withdrawal WD-9', 'wallet wal-1']);
  });

  it('find our own order by custom_id (decision 10)', () => {
    expect(ownersOf(only(g1('withdrawal.created', withdrawal)))).toEqual([
      'withdrawal wd-1',
      'withdrawal WD-9',
      'account default',
    ]);
  });
});

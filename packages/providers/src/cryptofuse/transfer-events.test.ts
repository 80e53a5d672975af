import { describe, expect, it } from 'vitest';
import {
  at,
  g1,
  keyOf,
  only,
  payment,
  quarantine,
  transfer,
} from '../testing/cryptofuse-delivery.ts';
import { ownersOf, plain } from '../testing/event-text.ts';
import { transferStatuses } from './event-names.ts';

describe('the rows of wallet transfers', () => {
  it('pending is a notice', () => {
    const event = only({ ...transfer, status: 'pending' });
    expect(event).toMatchObject({
      type: 'ProviderNoticeReceived',
      data: { kind: 'transfer-pending' },
      subject: { kind: 'transfer', id: 'tr-1' },
      effectKey: null,
    });
    expect(event.source.dialect).toBe('g3');
  });

  it('completed moves money between our account and the wallet, both ways', () => {
    const account = { provider: 'cryptofuse', kind: 'account', externalId: 'default' };
    const wallet = { provider: 'cryptofuse', kind: 'wallet', externalId: 'wal-1' };
    const toSub = only({ ...transfer, status: 'completed' });
    expect(toSub.effectKey).toBe('cryptofuse|transfer|tr-1|completed');
    expect(plain(toSub)).toEqual({
      transferId: 'tr-1',
      from: account,
      to: wallet,
      amount: '60.00 USDT:TRON',
      fees: [],
      isOutsidePossible: false,
    });
    const toMaster = only({ ...transfer, transfer_type: 'to_master', status: 'completed' });
    expect(toMaster.data).toMatchObject({ from: wallet, to: account });
    expect(ownersOf(toMaster)).toEqual(['wallet wal-1']);
  });

  it('failed moves nothing', () => {
    const event = only({ ...transfer, status: 'failed', error_message: 'Insufficient balance' });
    expect(event).toMatchObject({
      type: 'TransferFailed',
      data: { transferId: 'tr-1', reason: 'Insufficient balance' },
      effectKey: 'cryptofuse|transfer|tr-1|failed',
    });
  });

  it('are recognised with either id, flat or in data, under any name (decision 5)', () => {
    const { transfer_id: id, ...rest } = transfer;
    const bare = { ...rest, id, status: 'completed' };
    const bodies = [
      bare,
      { data: bare },
      { event: 'transfer_done', timestamp: at, data: { ...transfer, status: 'completed' } },
      g1('wallet.transferred', { ...transfer, status: 'completed' }),
    ];
    for (const body of bodies) {
      expect(only(body).effectKey).toBe('cryptofuse|transfer|tr-1|completed');
      expect(keyOf(body)).toBe('transfer|tr-1|completed');
    }
    const named = g1('payment.expired', { ...payment, transfer_id: 'tr-1', status: 'expired' });
    expect(only(named).type).toBe('InvoiceExpired');
  });

  it.each(['amount', 'currency', 'wallet_id', 'transfer_type'])(
    'completed without %s is quarantined and read (decision 5)',
    (field) => {
      const body = { ...transfer, status: 'completed', [field]: null };
      expect(quarantine({ data: body })).toMatchObject({ code: 'field-missing' });
    },
  );

  it('with an unknown status or type are quarantined by name', () => {
    expect(quarantine({ ...transfer, status: 'reversed' })).toEqual({
      code: 'status-unknown',
      path: 'status',
    });
    expect(quarantine({ ...transfer, status: 'completed', transfer_type: 'sideways' })).toEqual({
      code: 'type-unknown',
      path: 'transfer_type',
    });
  });

  it('cover every documented status', () => {
    for (const status of transferStatuses) expect(only({ ...transfer, status })).toBeDefined();
  });
});

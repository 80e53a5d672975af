import { moneyText } from '@counterfoil/domain';
import { describe, expect, it } from 'vitest';
import { altered, codeOf, eventOf, refusalOf } from '../testing/cryptomate-delivery.ts';

const withdraw = 'constructed/c/virtual-wallets-withdraw-success';
const internal = 'constructed/b/virtual-wallets-withdraw-success-internal';
const warranty = 'constructed/c/cards-warranty-withdraw-success';
const transfer = 'constructed/c/treasury-transfer-success';
const owners = (event: { owners: readonly { kind: string; externalId: string }[] }) =>
  event.owners.map(({ kind, externalId }) => `${kind} ${externalId}`);

describe('a withdrawal', () => {
  it('debits the wallet, or the order that we gave under its id', () => {
    const event = eventOf('WithdrawalCompleted', altered(withdraw));
    expect(event.data).toMatchObject({
      withdrawalId: 'wf_44',
      fees: [],
      destination: '0xa959b0dd1213a9fb63252ced365075eaa5d0f319',
      chainHash: '0x3ec6a33c6f5a40698b80738db6945ad11fe93a98cf2ca887eb357e87c69d5ad4',
    });
    expect(event.data.amount && moneyText(event.data.amount)).toEqual({
      asset: 'USDC:POLYGON',
      amount: '15.25',
    });
    expect(owners(event)).toEqual(['withdrawal wf_44', 'wallet wlt_61']);
    expect(event.effectKey).toBe('cryptomate|withdrawal|wf_44|completed');
  });

  it.each([
    ['failed', 'failed'],
    ['canceled', 'canceled'],
    ['CANCELLED', 'canceled'],
    ['time_canceled', 'canceled'],
  ])('that ended %s is returned (row 17)', (status, outcome) => {
    const event = eventOf('WithdrawalFailed', altered(withdraw, {}, { status }));
    expect(event.data.outcome).toBe(outcome);
    expect(event.effectKey).toBe('cryptomate|withdrawal|wf_44|returned');
  });

  it('says why it failed wherever the reason stands, inside data first (row 15)', () => {
    const reason = (data: object, envelope: object) =>
      eventOf('WithdrawalFailed', altered(withdraw, { ...data }, { status: 'failed', ...envelope }))
        .data.reason;
    expect(reason({ reason: 'inside' }, { reason: 'top' })).toBe('inside');
    expect(reason({}, { reason: 'top' })).toBe('top');
    expect(reason({ reason: null }, {})).toBeNull();
  });

  it('names its chain hash when it failed, for it may have been broadcast', () => {
    const failed = eventOf('WithdrawalFailed', altered(withdraw, {}, { status: 'failed' }));
    expect(failed.data.chainHash).toMatch(/^0x3ec6/);
    const inside = altered(withdraw, { transaction_hash: 'internal' }, { status: 'failed' });
    expect(eventOf('WithdrawalFailed', inside).data.chainHash).toBeNull();
  });

  it('that is not final moves nothing', () => {
    for (const [status, stage] of [
      ['pending', 'processing'],
      ['manual_check', 'manual-check'],
    ])
      expect(eventOf('WithdrawalProgressed', altered(withdraw, {}, { status }))).toMatchObject({
        data: { withdrawalId: 'wf_44', stage },
        effectKey: null,
      });
  });

  it('is quarantined where its money cannot be read', () => {
    expect(refusalOf(altered(withdraw, { amount: undefined }))).toBe('field-missing data.amount');
    expect(refusalOf(altered(withdraw, { amount: '15.2500001' }))).toBe(
      'amount-too-precise data.amount',
    );
    expect(refusalOf(altered(withdraw, { amount: '-15' }))).toBe('amount-negative data.amount');
    expect(refusalOf(altered(withdraw, { token: { address: '0x01' } }))).toBe(
      'token-unlisted data.token.address',
    );
    expect(refusalOf(altered(withdraw, { wallet_id: undefined }))).toBe(
      'field-missing data.wallet_id',
    );
  });
});

describe('a withdrawal with the hash "internal" (row 45)', () => {
  it('is a transfer between two wallets of ours that cannot leave us', () => {
    const event = eventOf('TransferCompleted', altered(internal));
    expect(event.data).toMatchObject({
      from: { kind: 'wallet', externalId: 'qW8eR7tY6uI5oP4aS3dF2gH1jK0lZ9xC' },
      to: { kind: 'address', externalId: '0x89eab022759da6e2b6de1ae9ca74cda234270e18' },
      isOutsidePossible: false,
      fees: [],
    });
    expect(moneyText(event.data.amount)).toEqual({ asset: 'USDC:POLYGON', amount: '75.50' });
    expect(event.references['chainHash']).toBeUndefined();
    const upper = altered(internal, {
      to_wallet_address: '0x89EAB022759DA6E2B6DE1AE9CA74CDA234270E18',
    });
    expect(eventOf('TransferCompleted', upper).data.to.externalId).toBe(
      '0x89eab022759da6e2b6de1ae9ca74cda234270e18',
    );
  });

  it('needs its destination', () => {
    expect(refusalOf(altered(internal, { to_wallet_address: null }))).toBe(
      'field-missing data.to_wallet_address',
    );
  });
});

describe('a withdrawal from the holding wallet', () => {
  it('is ours, in dollars, and one of several that a transaction may hold', () => {
    const event = eventOf('WithdrawalCompleted', altered(warranty));
    expect(event.data.amount && moneyText(event.data.amount)).toEqual({
      asset: 'USD',
      amount: '80.00',
    });
    expect(owners(event).slice(1)).toEqual(['wallet wlt_holding_1', 'account default']);
    const other = altered(warranty, { to_wallet_address: '0x01' });
    expect(eventOf('WithdrawalCompleted', other).effectKey).not.toBe(event.effectKey);
  });

  it('may fail with a hash, and has no other status', () => {
    const failed = eventOf(
      'WithdrawalFailed',
      altered('constructed/c/cards-warranty-withdraw-failed'),
    );
    expect(failed.data.chainHash).not.toBeNull();
    for (const status of ['pending', 'manual_check'])
      expect(codeOf(altered(warranty, {}, { status }))).toBe('status-unknown');
  });

  it('is found in the list of tokens by its flat address (row 25)', () => {
    expect(refusalOf(altered(warranty, { token_address: '0x01' }))).toBe(
      'token-unlisted data.token_address',
    );
  });
});

describe('a transfer from the treasury', () => {
  it('may leave us: only the ledger knows whether its destination is ours', () => {
    const event = eventOf('TransferCompleted', altered(transfer));
    expect(event.data.isOutsidePossible).toBe(true);
    expect(owners(event)).toEqual(['withdrawal wf_46', 'wallet wlt_treasury_1', 'account default']);
    expect(event.effectKey).toBe('cryptomate|transfer|wf_46|completed');
  });

  it('that failed names the order that we gave under its id, and the chain hash if it had one', () => {
    for (const status of ['failed', 'canceled', 'time_canceled']) {
      const event = eventOf('TransferFailed', altered(transfer, {}, { status }));
      expect(owners(event)[0]).toBe('withdrawal wf_46');
      expect(event.data.chainHash).toMatch(/^0x/);
    }
    const inside = altered(transfer, { transaction_hash: null }, { status: 'failed' });
    expect(eventOf('TransferFailed', inside).data.chainHash).toBeUndefined();
  });

  it('that waits for a person moves nothing (row 17)', () => {
    for (const [status, kind] of [
      ['pending', 'transfer-pending'],
      ['manual_check', 'transfer-manual-check'],
    ])
      expect(eventOf('ProviderNoticeReceived', altered(transfer, {}, { status }))).toMatchObject({
        data: { kind },
        effectKey: null,
      });
  });
});

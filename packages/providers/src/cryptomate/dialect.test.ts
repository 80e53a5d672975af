import { describe, expect, it } from 'vitest';
import {
  altered,
  codeOf,
  eventOf,
  identified,
  refusalOf,
  translated,
} from '../testing/cryptomate-delivery.ts';

const cleared = 'constructed/c/cards-cleared-success';

describe('dialects and names', () => {
  it('are told apart by the names of the fields, B and C by an upper-case enum (row 13)', () => {
    const words = { product: 'cards', event_type: 'cleared', status: 'success' };
    const dialect = (envelope: object) => identified(altered(cleared, {}, { ...envelope })).dialect;
    expect(dialect(words)).toBe('C');
    expect(dialect({ ...words, product: 'CARDS' })).toBe('B');
    expect(dialect({ ...words, event_type: 'Clearing' })).toBe('B');
    expect(dialect({ ...words, status: 'SUCCESS' })).toBe('B');
    expect(dialect({ ...words, operation: 'CARDS', sub_operation: 'CLEARING' })).toBe('A');
    expect(dialect({ product: undefined })).toBe('unknown');
  });

  it('compare enums without case and after trimming, in every dialect (row 13)', () => {
    const odd = { product: ' Cards ', event_type: 'cLEARED', status: '\tSUCCESS' };
    expect(eventOf('ClearingReceived', altered(cleared, {}, odd)).source).toMatchObject({
      dialect: 'B',
      providerEvent: 'Cards/cLEARED/SUCCESS',
    });
    expect(identified(altered(cleared, {}, odd)).eventKey).toBe(
      identified(altered(cleared)).eventKey,
    );
  });

  it("read A with B's strings and fields, flagged as assumed (row 14)", () => {
    const event = eventOf('ClearingReceived', altered('constructed/a/cards-clearing-success'));
    expect(event.flags).toEqual(['assumed-mapping']);
    expect(event.source.dialect).toBe('A');
    expect(
      eventOf('ClearingReceived', altered('constructed/b/cards-clearing-success')).flags,
    ).toEqual([]);
  });

  it('read FINISHED as success in A and as an unknown word elsewhere (row 14)', () => {
    const deposit = 'constructed/a/treasury-deposit-finished';
    expect(eventOf('FundsDelivered', altered(deposit)).flags).toContain('assumed-mapping');
    expect(identified(altered(deposit)).eventKey).toContain('|success|');
    const elsewhere = altered('constructed/b/treasury-deposit-success', {}, { status: 'FINISHED' });
    expect(refusalOf(elsewhere)).toBe('status-unknown status');
  });

  it('quarantine empty or incomplete data of A (row 14)', () => {
    expect(refusalOf(altered('treasury-deposit-success'))).toBe('field-missing data.wallet_id');
    expect(refusalOf(altered('treasury-deposit-finished'))).toBe('field-missing data.wallet_id');
    const withoutData = altered('treasury-deposit-success', {}, { operation_id: 'op-1' });
    expect(refusalOf(withoutData.replace('"data":{}', '"data":null'))).toBe('field-missing data');
    expect(refusalOf(withoutData.replace('"data":{}', '"data":7'))).toBe('field-malformed data');
  });

  it('decide an authorization of A only with the status PENDING (row 14)', () => {
    expect(refusalOf(altered('constructed/a/cards-authorization-success'))).toBe(
      'status-unknown status',
    );
    expect(codeOf(altered('constructed/a/cards-authorization-pending'))).toBe('translated');
  });

  it('name an unknown product, event or status and map it to nothing (row 12)', () => {
    const { refused } = translated(altered('constructed/c/cards-card-unblocked-success'));
    expect(refused).toEqual({
      code: 'type-unknown',
      path: 'event_type',
      message: 'The event "cards/card_unblocked" is not known.',
    });
    expect(refusalOf(altered(cleared, {}, { product: 'loans' }))).toBe('type-unknown event_type');
    expect(refusalOf(altered(cleared, {}, { status: 'settled' }))).toBe('status-unknown status');
    const inA = altered(
      'constructed/a/cards-clearing-success',
      {},
      { sub_operation: 'CHARGEBACK' },
    );
    expect(refusalOf(inA)).toBe('type-unknown sub_operation');
  });

  it('do not know the event names of third-party code (row 47)', () => {
    for (const name of ['card_unblocked', 'card_frozen', 'card_unfrozen'])
      expect(refusalOf(altered(cleared, {}, { event_type: name }))).toBe('type-unknown event_type');
  });

  it('look up names of the wire in own entries only', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(codeOf(altered(cleared, {}, { product: word }))).toBe('type-unknown');
      expect(codeOf(altered(cleared, {}, { event_type: word }))).toBe('type-unknown');
      expect(codeOf(altered(cleared, {}, { status: word }))).toBe('status-unknown');
    }
  });

  it('require the fields of the envelope', () => {
    expect(refusalOf('{}')).toBe('dialect-unknown');
    expect(refusalOf(altered(cleared, {}, { event_type: null }))).toBe('field-missing event_type');
    expect(refusalOf(altered(cleared, {}, { operation_id: '' }))).toBe(
      'field-malformed operation_id',
    );
    expect(refusalOf(altered(cleared, {}, { operation_id: undefined }))).toBe(
      'field-missing operation_id',
    );
    expect(refusalOf(altered(cleared, {}, { product: ['cards'] }))).toBe('field-malformed product');
  });

  it('quarantine a missing status wherever one is needed (row 16)', () => {
    expect(refusalOf(altered('constructed/c/cards-cleared-missing-status'))).toBe(
      'field-missing status',
    );
    expect(refusalOf(altered('constructed/c/cards-refund-success', {}, { status: null }))).toBe(
      'field-missing status',
    );
  });

  it('take individual_cards for cards in purchase events only, and keep its name (row 34)', () => {
    const body = altered('constructed/c/individual-cards-authorization-pending');
    expect(eventOf('AuthorizationRequested', body).source.providerEvent).toBe(
      'individual_cards/authorization/pending',
    );
    expect(identified(body).eventKey).toMatch(/^individual_cards\|authorization\|/);
    for (const [name, type] of [
      ['authorized', 'AuthorizationConfirmed'],
      ['declined', 'AuthorizationDeclined'],
      ['cleared', 'ClearingReceived'],
      ['reversal', 'AuthorizationReversed'],
      ['refund', 'RefundReceived'],
    ] as const)
      eventOf(type, altered(cleared, {}, { product: 'individual_cards', event_type: name }));
    const deposit = altered(
      'constructed/c/cards-deposit-success',
      {},
      { product: 'individual_cards' },
    );
    expect(refusalOf(deposit)).toBe('type-unknown event_type');
  });

  it('keep client_id and company_id as references that decide nothing (row 35)', () => {
    const event = eventOf(
      'WithdrawalCompleted',
      altered('constructed/b/virtual-wallets-withdraw-success'),
    );
    expect(event.references).toMatchObject({ clientId: 'ZX9876' });
    expect(event.owners.map(({ kind }) => kind)).toEqual(['withdrawal', 'wallet']);
    const blocked = eventOf(
      'CardStatusChanged',
      altered('constructed/c/cards-card-blocked-by-velocity-success'),
    );
    expect(blocked.references).toMatchObject({
      companyId: '99999999-8888-4777-8666-555555555555',
    });
    expect(blocked.owners.map(({ kind }) => kind)).toEqual(['card']);
  });
});

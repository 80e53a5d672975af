import { describe, expect, it } from 'vitest';
import {
  calypsoAccount,
  calypsoEvent,
  calypsoEvents,
  calypsoQuarantine,
} from '../testing/calypso-delivery.ts';

const ids = '"idempotencyKey":"key-1","parentExternalId":3201,"externalId":"order-1"';
const named = ['invoice key-1', 'invoice 3201', 'invoice order-1'];
const about = {
  about: 'invoice key-1',
  owners: [...named, `account ${calypsoAccount}`],
  effectKey: null,
};

describe('invoices of Calypso', () => {
  it('INVOICE_CREATE_INVOICE opens an invoice', () => {
    expect(
      calypsoEvent('INVOICE_CREATE_INVOICE', `{${ids},"amount":0.015,"currency":"ETH"}`),
    ).toMatchObject({
      ...about,
      type: 'InvoiceOpened',
      invoiceId: 'key-1',
      amountAsked: '0.015 ETH:ETHEREUM',
      asset: 'ETH:ETHEREUM',
      expiresAt: null,
      references: { idempotencyKey: 'key-1', parentExternalId: '3201', externalId: 'order-1' },
    });
  });

  it('INVOICE_CREATE_UNLIMITED_INVOICE opens an invoice that asks for no amount', () => {
    const data = `{${ids},"amount":5,"currency":"USDT_TRX"}`;
    expect(calypsoEvent('INVOICE_CREATE_UNLIMITED_INVOICE', data)).toMatchObject({
      ...about,
      type: 'InvoiceOpened',
      amountAsked: null,
      asset: 'USDT:TRON',
    });
  });

  it('INVOICE_MEMPOOL_FOUND detects what was really sent', () => {
    const data = `{${ids},"amount":25.5,"realAmount":25.4,"currency":"USDT_TRX","transactionHash":"0xABc1"}`;
    expect(calypsoEvent('INVOICE_MEMPOOL_FOUND', data)).toMatchObject({
      ...about,
      type: 'DepositDetected',
      stage: 'seen',
      amount: '25.40 USDT:TRON',
      depositId: null,
      chainHash: '0xabc1',
    });
  });

  it.each([
    ['INVOICE_COMPLIANCE_CHECK', 'pending'],
    ['INVOICE_PENDING_COMPLIANCE', 'pending'],
    ['INVOICE_COMPLIANCE_DECLINED', 'declined'],
  ])('%s flags the deposit as %s and credits nothing', (eventType, status) => {
    const data = `{${ids},"amount":1.25,"currency":"BNB","transactionId":["98240"]}`;
    expect(calypsoEvent(eventType, data)).toMatchObject({
      ...about,
      type: 'ComplianceStatusChanged',
      status,
      amount: '1.25 BNB:BSC',
      depositId: '98240',
    });
  });

  it('flags each of several deposits, none with an amount of its own', () => {
    const data = `{${ids},"amount":3,"currency":"BNB","transactionId":["a","b"]}`;
    expect(calypsoEvents('INVOICE_COMPLIANCE_CHECK', data)).toMatchObject([
      { depositId: 'a', amount: null },
      { depositId: 'b', amount: null },
    ]);
  });

  it('INVOICE_FUNDS_RECEIVED_FOR_INVOICE reports funds that are not yet ours', () => {
    const data = `{${ids},"amount":0.123456789012345678,"currency":"ETH","transactionId":[98300],"fiatAmount":{"USD":1}}`;
    expect(calypsoEvent('INVOICE_FUNDS_RECEIVED_FOR_INVOICE', data)).toMatchObject({
      ...about,
      type: 'InvoiceFundsReceived',
      amount: '0.123456789012345678 ETH:ETHEREUM',
      receivedTotal: null,
      depositIds: ['98300'],
    });
  });

  it('INVOICE_PENDING_INTERVENTION, decision 24: asks for a review of the amount, without credit', () => {
    expect(calypsoEvent('INVOICE_PENDING_INTERVENTION', `{${ids}}`)).toMatchObject({
      ...about,
      type: 'InvoiceReviewRequired',
      reason: 'amount-mismatch',
      receivedTotal: null,
    });
  });

  it('INVOICE_PAID states asked and paid amounts and credits nothing', () => {
    const data = `{${ids},"amount":25.5,"realAmount":25.49,"currency":"USDT_TRX","fiatAmount":25.5,"fiatCurrency":"USDT"}`;
    expect(calypsoEvent('INVOICE_PAID', data)).toMatchObject({
      ...about,
      type: 'InvoicePaid',
      amountAsked: '25.50 USDT:TRON',
      amountPaid: '25.49 USDT:TRON',
    });
  });

  it('INVOICE_EXPIRED lapses the invoice', () => {
    const data = `{${ids},"amount":100,"currency":"USDC","fiatAmount":{"USD":99.98}}`;
    expect(calypsoEvent('INVOICE_EXPIRED', data)).toMatchObject({
      ...about,
      type: 'InvoiceExpired',
      receivedTotal: null,
    });
  });
});

describe('INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED', () => {
  const settled = 'INVOICE_TRANSLATION_TO_ACCOUNT_COMPLETED';
  const data = (rest: string) => `{${ids},"amount":250.5,"currency":"USDT_TRX",${rest}}`;

  it('settles the invoice: the amount less the service fee', () => {
    expect(
      calypsoEvent(settled, data('"serviceFee":1.002,"transactionIds":["98401"]')),
    ).toMatchObject({
      type: 'InvoiceSettled',
      invoiceId: 'key-1',
      gross: '250.50 USDT:TRON',
      fees: [{ kind: 'service', amount: '1.002 USDT:TRON' }],
      net: '249.498 USDT:TRON',
      depositIds: ['98401'],
      effectKey: 'calypso|invoice|settled|98401',
      owners: [...named, `account ${calypsoAccount}`],
    });
  });

  it('decision 4: with translationAmountIs net the amount is credited and the fee added to it', () => {
    const body = data('"serviceFee":1.002,"transactionIds":["98401"]');
    expect(calypsoEvent(settled, body, { translationAmountIs: 'net' })).toMatchObject({
      gross: '251.502 USDT:TRON',
      fees: [{ kind: 'service', amount: '1.002 USDT:TRON' }],
      net: '250.50 USDT:TRON',
      effectKey: 'calypso|invoice|settled|98401',
    });
  });

  it('lists no fee of zero', () => {
    expect(calypsoEvent(settled, data('"serviceFee":0.00,"transactionIds":["1"]'))).toMatchObject({
      fees: [],
      net: '250.50 USDT:TRON',
    });
  });

  it('decision 25: names its effect by the sorted deposits, however they are written', () => {
    const keyOf = (list: string) =>
      calypsoEvent(settled, data(`"serviceFee":0,"transactionIds":${list}`))['effectKey'];
    expect(keyOf('["b","a"]')).toBe('calypso|invoice|settled|a,b');
    expect(keyOf('["a","b","a"]')).toBe('calypso|invoice|settled|a,b');
    expect(keyOf('["c"]')).toBe('calypso|invoice|settled|c');
  });

  it('names its effect by our own key where it names no deposit', () => {
    for (const list of ['[]', 'null', '""'])
      expect(calypsoEvent(settled, data(`"serviceFee":0,"transactionIds":${list}`))).toMatchObject({
        effectKey: 'calypso|invoice|settled|key-1',
        depositIds: [],
      });
  });

  it('posts nothing from a guess: no fee, no amount, no currency or nothing to post', () => {
    expect(calypsoQuarantine(settled, data('"transactionIds":["1"]'))).toBe(
      'field-missing data.serviceFee',
    );
    expect(calypsoQuarantine(settled, `{${ids},"serviceFee":0,"currency":"BTC"}`)).toBe(
      'field-missing data.amount',
    );
    expect(calypsoQuarantine(settled, `{${ids},"serviceFee":0,"amount":1}`)).toBe(
      'field-missing data.currency',
    );
    expect(calypsoQuarantine(settled, `{${ids},"serviceFee":0,"amount":0,"currency":"BTC"}`)).toBe(
      'amount-malformed data.amount',
    );
  });

  it('refuses a fee that is larger than the amount that contains it', () => {
    expect(calypsoQuarantine(settled, data('"serviceFee":250.6,"transactionIds":["1"]'))).toBe(
      'amount-negative data.serviceFee',
    );
  });
});

describe('how invoices of Calypso are found', () => {
  const invoiceId = (data: string) => calypsoEvent('INVOICE_EXPIRED', data)['invoiceId'];

  it('decision 11: by idempotencyKey, then parentExternalId as its source text, then externalId', () => {
    expect(invoiceId(`{${ids}}`)).toBe('key-1');
    expect(invoiceId('{"parentExternalId":3201,"externalId":"order-1"}')).toBe('3201');
    expect(invoiceId('{"parentExternalId":1E3}')).toBe('1E3');
    expect(invoiceId('{"parentExternalId":"4e0d5a5c-8b0e"}')).toBe('4e0d5a5c-8b0e');
    expect(invoiceId('{"externalId":"order-1"}')).toBe('order-1');
    expect(calypsoQuarantine('INVOICE_EXPIRED', '{}')).toBe('field-missing data.idempotencyKey');
  });

  it('decision 12: null, missing and empty are the same', () => {
    expect(invoiceId('{"idempotencyKey":null,"parentExternalId":"","externalId":"x"}')).toBe('x');
  });

  it('decision 12: lists hold text, numbers or objects with id; a scalar is a list of one', () => {
    const depositIds = (list: string) =>
      calypsoEvent(
        'INVOICE_FUNDS_RECEIVED_FOR_INVOICE',
        `{${ids},"amount":1,"currency":"BTC","transactionId":${list}}`,
      )['depositIds'];
    expect(depositIds('["a",98300,{"id":7},{"id":"b"}]')).toEqual(['a', '98300', '7', 'b']);
    expect(depositIds('"a"')).toEqual(['a']);
    expect(depositIds('98300')).toEqual(['98300']);
    expect(depositIds('{"id":"a"}')).toEqual(['a']);
  });

  it('refuses a list with something else in it, or longer than any invoice has', () => {
    const refused = (list: string) =>
      calypsoQuarantine('INVOICE_FUNDS_RECEIVED_FOR_INVOICE', `{${ids},"transactionId":${list}}`);
    expect(refused('["a",true]')).toBe('field-malformed data.transactionId.1');
    expect(refused('[{"no":1}]')).toMatch(/^field-(missing|malformed) data.transactionId.0/);
    expect(refused(`[${Array.from({ length: 101 }, (_, index) => index).join()}]`)).toBe(
      'field-malformed data.transactionId',
    );
  });

  it('decision 14: belong to the account of the subscription unless they name a customer', () => {
    expect(calypsoEvent('INVOICE_EXPIRED', `{${ids},"customerId":"c-1"}`)['owners']).toEqual([
      ...named,
      'client c-1',
      `account ${calypsoAccount}`,
    ]);
  });
});

describe('amounts of Calypso', () => {
  const opened = 'INVOICE_CREATE_INVOICE';
  const asked = (amount: string, currency = 'BTC') =>
    calypsoEvent(opened, `{${ids},"amount":${amount},"currency":"${currency}"}`)['amountAsked'];
  const refused = (amount: string, currency = '"BTC"') =>
    calypsoQuarantine(opened, `{${ids},"amount":${amount},"currency":${currency}}`);

  it('decision 30: may have an exponent', () => {
    expect(asked('1E-8')).toBe('0.00000001 BTC:BITCOIN');
    expect(asked('1.5e+2')).toBe('150.00 BTC:BITCOIN');
    expect(asked('"1E-8"')).toBe('0.00000001 BTC:BITCOIN');
  });

  it('decision 17: have the decimals of the chain and are never rounded', () => {
    expect(asked('0.000000000000000001', 'ETH')).toBe('0.000000000000000001 ETH:ETHEREUM');
    expect(refused('0.000000001')).toBe('amount-too-precise data.amount');
  });

  it('are refused when negative, too large or no number', () => {
    expect(refused('-1')).toBe('amount-negative data.amount');
    expect(refused('1000000001')).toBe('amount-too-large data.amount');
    expect(refused('1e400')).toMatch(/^amount-(too-large|malformed) data.amount$/);
    expect(refused('"one"')).toBe('amount-malformed data.amount');
    expect(refused('true')).toBe('field-malformed data.amount');
    expect(refused('{"USD":1}')).toBe('field-malformed data.amount');
  });

  it.each([
    ['BNB', 'BNB:BSC'],
    ['BTC', 'BTC:BITCOIN'],
    ['BUSD', 'BUSD:BSC'],
    ['BUSD_ETH', 'BUSD:ETHEREUM'],
    ['DAI', 'DAI:ETHEREUM'],
    ['ETH', 'ETH:ETHEREUM'],
    ['FRAX', 'FRAX:ETHEREUM'],
    ['LTC', 'LTC:LITECOIN'],
    ['MATIC', 'POL:POLYGON'],
    ['POL', 'POL:POLYGON'],
    ['TRX', 'TRX:TRON'],
    ['USDC', 'USDC:ETHEREUM'],
    ['USDC_TRX', 'USDC:TRON'],
    ['USDT', 'USDT:ETHEREUM'],
    ['USDT_BSC', 'USDT:BSC'],
    ['USDT_MATIC', 'USDT:POLYGON'],
    ['USDT_TRX', 'USDT:TRON'],
    ['XDG', 'DOGE:DOGECOIN'],
  ])('the code %s is %s', (code, asset) => {
    expect(asked('1', code)).toBe(`1.00 ${asset}`);
    expect(asked('1', ` ${code.toLowerCase()} `)).toBe(`1.00 ${asset}`);
  });

  it.each(['SOL', 'USD', 'USDT:TRON', 'DOGE', 'toString'])('the code %s is refused', (code) => {
    expect(refused('1', `"${code}"`)).toBe('asset-unknown data.currency');
  });
});

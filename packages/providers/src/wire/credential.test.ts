import { describe, expect, it } from 'vitest';
import { hmac, matchesAny } from './credential.ts';

describe('matchesAny', () => {
  it('is true for any of the expected values and for nothing near them', () => {
    expect(matchesAny('new', ['new', 'old'])).toBe(true);
    expect(matchesAny('old', ['new', 'old'])).toBe(true);
    for (const wrong of ['', 'ol', 'old ', 'OLD', 'newold'])
      expect(matchesAny(wrong, ['new', 'old']), wrong).toBe(false);
    expect(matchesAny('new', [])).toBe(false);
  });

  it('never matches an empty expected value', () => {
    expect(matchesAny('', [''])).toBe(false);
    expect(matchesAny('', ['', 'new'])).toBe(false);
  });
});

describe('hmac', () => {
  it('is computed over the exact bytes with the UTF-8 of the secret', () => {
    const body = new TextEncoder().encode('what do ya want for nothing?');
    // RFC 4231, test case 2.
    expect(hmac('sha256', 'hex', 'Jefe', body)).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(hmac('sha512', 'hex', 'Jefe', body).slice(0, 32)).toBe(
      '164b7a7bfcf819e2e395fbe73b56e0a3',
    );
    expect(hmac('sha256', 'base64', 'Jefe', body)).toBe(
      'W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=',
    );
    expect(hmac('sha256', 'hex', 'Jefe', body.slice(1))).not.toBe(
      hmac('sha256', 'hex', 'Jefe', body),
    );
  });
});

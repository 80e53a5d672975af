import { describe, expect, it } from 'vitest';
import { hmac, matchAmong } from './credential.ts';

describe('matchAmong', () => {
  it('says which of the expected values is given, and nothing of what is near them', () => {
    expect(matchAmong('new', ['new', 'old'])).toBe(1);
    expect(matchAmong('new', ['new', 'old', 'new'])).toBe(1);
    expect(matchAmong('old', ['new', 'old'])).toBe(2);
    for (const wrong of ['', 'ol', 'old ', 'OLD', 'newold'])
      expect(matchAmong(wrong, ['new', 'old']), wrong).toBeNull();
    expect(matchAmong('new', [])).toBeNull();
  });

  it('never matches an empty expected value', () => {
    expect(matchAmong('', [''])).toBeNull();
    expect(matchAmong('', ['', 'new'])).toBeNull();
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

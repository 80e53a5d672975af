import { describe, expect, test } from 'vitest';
import { accountId } from '../ids.ts';
import { contextOf } from '../testing/account-book.ts';
import { referenceOf as named } from '../testing/canonical-builder.ts';
import { deciderSpec } from '../testing/decider-spec.ts';
import type { ReferenceCommand, ReferenceEvent } from './messages.ts';
import { openingReference, ownedBy } from './owner.ts';
import { referenceDecider } from './reference-decider.ts';
import { type Reference, referenceKey, referenceOf } from './reference.ts';

const given = deciderSpec(referenceDecider);
const context = contextOf('command');
const order = named('cryptofuse', 'withdrawal', 'w1');
const [wallet, client, merchant] = [
  named('cryptofuse', 'wallet', 'a:b'),
  named('cryptofuse', 'client', 'c1'),
  named('cryptofuse', 'account', 'main'),
];
const link = (id: string): ReferenceCommand => ({
  type: 'LinkReference',
  data: { reference: order, accountId: accountId(id), actor: 'test' },
  context,
});
const linked: ReferenceEvent = {
  type: 'ReferenceLinked',
  data: { reference: order, accountId: accountId('player-1'), actor: 'test' },
};
const name = (holder: Reference, instead?: Reference): ReferenceCommand => ({
  type: 'NameHolder',
  data: { reference: order, holder, ...(instead && { instead }) },
  context,
});
const holds = (holder: Reference): ReferenceEvent => ({
  type: 'ReferenceHolderNamed',
  data: { reference: order, holder },
});
const use = (id: string): ReferenceCommand => ({
  type: 'UseReference',
  data: { reference: order, accountId: accountId(id) },
  context,
});
const used = (id: string): ReferenceEvent => ({
  type: 'ReferenceUsed',
  data: { reference: order, accountId: accountId(id) },
});

describe('a reference', () => {
  test('is linked once, to one account', () => {
    given().when(link('player-1')).then(linked);
    given(linked).when(link('player-1')).thenNothing();
    given(linked).when(link('player-2')).thenRejected('reference-linked-elsewhere');
  });

  test('has the holder that was named closest, and of two alike the first', () => {
    given().when(name(client)).then(holds(client));
    given(holds(client)).when(name(wallet)).then(holds(wallet));
    given(holds(client)).when(name(merchant)).thenNothing();
    given(holds(wallet)).when(name(client)).thenNothing();
    given(holds(wallet)).when(name(client, wallet)).then(holds(client));
    given(holds(wallet)).when(name(client, merchant)).thenNothing();
    given(holds(client))
      .when(name(named('cryptofuse', 'client', 'c2')))
      .thenNothing();
  });

  test('remembers once each account that uses it', () => {
    given().when(use('auto.1')).then(used('auto.1'));
    given(used('auto.1')).when(use('auto.1')).thenNothing();
    given(used('auto.1')).when(use('auto.2')).then(used('auto.2'));
  });

  test('is known by its key, whatever its id contains', () => {
    for (const reference of [order, wallet, client]) {
      expect(referenceOf(referenceKey(reference))).toEqual(reference);
    }
    expect(referenceOf('bank:card:1')).toBeNull();
    expect(referenceOf('cryptofuse:purse:1')).toBeNull();
    expect(referenceOf('cryptofuse:card')).toBeNull();
  });
});

describe('where nobody has linked any', () => {
  const digest = (text: string) => `${text.length}`.padEnd(64, 'a');

  test('an account is opened for the client, else the card, the wallet, the address, our own', () => {
    const card = named('cryptofuse', 'card', 'k');
    expect(openingReference([order, wallet, card, client, merchant])).toEqual(client);
    expect(openingReference([wallet, card, merchant])).toEqual(card);
    expect(openingReference([merchant, wallet])).toEqual(wallet);
    expect(openingReference([order])).toEqual(order);
    expect(openingReference([])).toBeNull();
  });

  test('its id says for what, and is a digest where that does not fit', () => {
    expect(ownedBy(client, 'auto', digest)).toBe('auto.cryptofuse.client.c1');
    expect(ownedBy(wallet, 'suspense', digest)).toMatch(
      /^suspense\.cryptofuse\.wallet\.-[0-9a]{32}$/,
    );
    const pretender = named('cryptofuse', 'wallet', `-${digest('')}`.slice(0, 33));
    expect(ownedBy(pretender, 'auto', digest)).not.toBe(
      `auto.cryptofuse.wallet.${pretender.externalId}`,
    );
  });
});

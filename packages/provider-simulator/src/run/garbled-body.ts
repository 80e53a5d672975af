import type { Random } from '../random.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Deeper than any adapter reads. */
const nesting = 40;

/** Where the providers say what happened. */
const decisiveWords = ['event_type', 'sub_operation', 'event', 'eventType', 'status'] as const;

/** The name of CryptoFuse's withdrawal event is not documented: its shape says what it is. */
const withoutName = 'withdrawal_status_update';

/**
 * A body that no adapter may understand, whatever it was: broken JSON, or a word that nobody
 * documented where the provider says what happened.
 */
export function garbledBody(text: string, random: Random): Uint8Array {
  const word = decisiveWords.find(
    (name) => text.includes(`"${name}":"`) && !(name === 'event' && text.includes(withoutName)),
  );
  const ways: readonly [() => Uint8Array, ...(() => Uint8Array)[]] = [
    () => encode(text.slice(0, random.between(1, text.length - 1))),
    () => encode(text.replace('{', '{"status":1,"status":2,')),
    () => encode(text.replace('{', '{"note":"\\u0000",')),
    () => encode(text.replace('{', `{"note":${'['.repeat(nesting)}${']'.repeat(nesting)},`)),
    () => encode(text).map((byte, index) => (index === 1 ? 0xff : byte)),
    () => encode(text.replace(new RegExp(`"${word}":"[^"]*"`), `"${word}":"sim-${random.hex(6)}"`)),
  ];
  return (word === undefined ? ways[0] : random.pick(ways))();
}

/** The same bytes but for one: what was signed is no longer what arrives. */
export const alteredInTransit = (body: Uint8Array, random: Random): Uint8Array => {
  const at = random.between(0, body.length - 1);
  return body.map((byte, index) => (index === at ? byte ^ 1 : byte));
};

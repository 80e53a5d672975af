import { describe, expect, it } from 'vitest';
import { parseExactJson } from './exact-json.ts';
import { decimal, id, objectOf } from './field.ts';
import { readBySchema } from './schema.ts';

const schema = objectOf({ card: objectOf({ id, amount: decimal }) });
const read = (text: string, path?: string) => {
  const body = parseExactJson(new TextEncoder().encode(text));
  return body.ok ? readBySchema(schema, body.value, path) : body;
};

describe('readBySchema', () => {
  it('gives the fields that are named and drops the others', () => {
    expect(read('{"card":{"id":7,"amount":1.50,"more":true}}')).toEqual({
      ok: true,
      value: { card: { id: '7', amount: '1.50' } },
    });
  });

  it('tells a missing field from a malformed one, with its path', () => {
    expect(read('{"card":{"amount":"1"}}')).toMatchObject({
      error: { code: 'field-missing', path: 'card.id' },
    });
    expect(read('{"card":{"id":null,"amount":"1"}}', 'data')).toMatchObject({
      error: { code: 'field-missing', path: 'data.card.id' },
    });
    expect(read('{"card":{"id":["a"],"amount":"1"}}')).toMatchObject({
      error: { code: 'field-malformed', path: 'card.id' },
    });
    expect(read('{"card":5}')).toMatchObject({ error: { code: 'field-malformed', path: 'card' } });
    expect(read('{}', 'data')).toMatchObject({
      error: { code: 'field-missing', path: 'data.card' },
    });
  });

  it('names no prototype field as present', () => {
    expect(read('{"__proto__":{"card":{"id":"a","amount":"1"}}}')).toMatchObject({
      error: { code: 'field-missing' },
    });
  });

  it('quotes nothing of the body, which may hold personal data', () => {
    const refused = read('{"card":{"id":{"name":"Ana Ruiz"},"amount":"1"}}');
    expect(JSON.stringify(refused)).not.toContain('Ana');
  });
});

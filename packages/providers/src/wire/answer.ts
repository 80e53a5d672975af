import type { Result } from '@counterfoil/domain';
import type { Quarantine } from '../provider-adapter.ts';
import { type ExactJson, isObject, parseExactJson } from './exact-json.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** Reads the answer of an API as exactly as a webhook; a list or nothing at all is fine here. */
export function readAnswer(bytes: Uint8Array): Result<ExactJson, Quarantine> {
  // The parser takes objects only, so the answer becomes a member of one.
  const body = bytes.length === 0 ? encode('null') : bytes;
  const parsed = parseExactJson(Buffer.concat([encode('{"answer":'), body, encode('}')]));
  return parsed.ok ? { ok: true, value: parsed.value['answer'] ?? null } : parsed;
}

const reasonLengthMax = 300;

/** What an error body says for people: its codes and messages, and nothing else of it. */
export function refusalOf(bytes: Uint8Array): string {
  const read = readAnswer(bytes);
  const said = read.ok ? saidIn(read.value) : [];
  return said.length === 0 ? 'no reason given' : said.join(': ').slice(0, reasonLengthMax);
}

const tellingNames = ['code', 'errorCode', 'message', 'detail', 'error', 'msg'] as const;

function saidIn(value: ExactJson): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: ExactJson) => saidIn(item));
  if (!isObject(value)) return [];
  return tellingNames.flatMap((name) => {
    const said = value[name];
    return typeof said === 'string' ? [said] : saidIn(said ?? null);
  });
}

import { malformed } from './problem-of-fault.ts';

/** Deeper than any body of the API by a wide margin; bounds what walks a body. */
const nestingMax = 32;

const tokenPattern = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Strict: valid UTF-8 and JSON, no key twice in one object, no U+0000 or half character in text, no
 * `__proto__`, at most 32 levels. Throws a `request-malformed` problem; its text never repeats the body.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('is not valid JSON');
  }
  checkTokens(text);
  return value;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused('is not UTF-8');
  }
}

/** `text` is valid JSON: every string before a colon is a key of the innermost object. */
function checkTokens(text: string): void {
  const scopes: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(tokenPattern)) {
    if (token === '{' || token === '[') {
      if (scopes.push(new Set()) > nestingMax) throw refused(`is nested deeper than ${nestingMax}`);
    } else if (token === '}' || token === ']') scopes.pop();
    else if (token === ':') checkKey(JSON.parse(last), scopes.at(-1) ?? new Set());
    else if (token.includes('\\u')) checkText(JSON.parse(token));
    last = token;
  }
}

/** What escapes can say and PostgreSQL cannot keep; unescaped, neither passes the UTF-8 or JSON reader. */
function checkText(text: string): void {
  if (text.includes('\0')) throw refused('contains the character U+0000');
  if (/\p{Surrogate}/u.test(text)) throw refused('contains half a surrogate pair');
}

function checkKey(key: string, scope: Set<string>): void {
  if (scope.has(key)) throw refused('names a key twice in one object');
  if (key === '__proto__') throw refused('contains the key __proto__');
  scope.add(key);
}

const refused = (message: string) => malformed([{ path: 'body', message }]);

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RunningSystem, runningSystem } from '../support/running-system.ts';

// Start-up, on cores that others use too.
const timeoutMs = 60_000;
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

type Exchange = Readonly<{ command: string; answer: string }>;

/** Every `$ curl` of the README with the line that it is said to print. */
const exchanges: readonly Exchange[] = [...readme.matchAll(/```console\n(.*?)```/gs)].flatMap(
  ([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const lines = text.trim().split('\n');
        return { command: lines.slice(0, -1).join('\n'), answer: lines.at(-1) ?? '' };
      }),
);

/** The variables that the README sets in front of `npm start`. */
const variables = Object.fromEntries(
  [...readme.matchAll(/\b([A-Z_]{4,})=(\S+)(?=[^\n]*npm start)/g)].map(([, name, value]) => [
    name,
    value,
  ]),
);

/** What a shell would make of one command: words, with single quotes around some. */
function wordsOf(command: string): readonly string[] {
  const pieces = command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|([^\s']+)/g);
  return [...pieces].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

async function curl(command: string, base: string): Promise<string> {
  const [, ...words] = wordsOf(command);
  const after = (option: string) =>
    words.flatMap((word, index) => (word === option ? [words[index + 1] ?? ''] : []));
  const headers = new Headers(after('-H').map((header) => header.split(': ') as [string, string]));
  const [body] = after('-d');
  const url = words.find((word) => word.startsWith('localhost:4000'));
  const init = body === undefined ? { headers } : { headers, body, method: 'POST' };
  const answer = await fetch(`${base}${url?.slice('localhost:4000'.length)}`, init);
  return answer.text();
}

/** `…` stands for whatever the README leaves out. */
const patternOf = (answer: string): RegExp =>
  new RegExp(
    `^${answer
      .split('…')
      .map((part) => part.replaceAll(/[^\w\s]/g, String.raw`\$&`))
      .join('.*')}$`,
  );

let system: RunningSystem;
beforeAll(async () => {
  system = await runningSystem(variables);
}, timeoutMs);
afterAll(() => system.stop(), timeoutMs);

it(
  'the README’s requests have the answers that it shows',
  async () => {
    expect(variables).toHaveProperty('ADMIN_API_KEY');
    expect(exchanges).toHaveLength(4);
    for (const { command, answer } of exchanges) {
      const expected = patternOf(answer);
      // Reads follow the log: by hand one is never fast enough to notice.
      const isRead = !command.includes("-d '");
      const check = async () => expect(await curl(command, system.url)).toMatch(expected);
      await (isRead ? vi.waitFor(check, { timeout: 5_000, interval: 50 }) : check());
    }
  },
  timeoutMs,
);

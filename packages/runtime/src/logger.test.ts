import { expect, test } from 'vitest';
import { jsonLogger, type Logger } from './logger.ts';

function recording(): {
  logger: Logger;
  lines: () => Record<string, unknown>[];
  text: () => string;
} {
  const written: string[] = [];
  const logger = jsonLogger({
    service: 'test',
    level: 'debug',
    destination: { write: (line: string) => void written.push(line) },
  });
  return {
    logger,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join(''),
  };
}

test('a line is JSON with service, level and an RFC 3339 time', () => {
  const { logger, lines } = recording();
  logger.info('messages relayed', { count: 3 });
  expect(lines()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/) as string,
      service: 'test',
      message: 'messages relayed',
      count: 3,
    },
  ]);
});

test('a bigint is written as text, however deep', () => {
  const { logger, lines } = recording();
  logger.child({ version: 7n }).info('x', { units: 90071992547409931234n, of: { list: [1n] } });
  expect(lines()[0]).toMatchObject({
    version: '7',
    units: '90071992547409931234',
    of: { list: ['1'] },
  });
});

test('secrets, headers and bodies are redacted at the first two levels', () => {
  const { logger, text } = recording();
  logger.warn('refused', { secret: 'hush', webhook: { body: 'hush', headers: { a: 'hush' } } });
  logger.child({ token: 'hush' }).warn('refused');
  expect(text()).not.toContain('hush');
});

test('a fault is written with its code and causes, without the row that a database quotes', () => {
  const { logger, lines, text } = recording();
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (pan)=(4111)',
  });
  logger.error('retrying', { error: new Error('append failed', { cause }) });
  expect(lines()[0]?.['error']).toMatchObject({
    message: 'append failed',
    cause: { message: 'duplicate key', code: '23505' },
  });
  expect(text()).not.toContain('4111');
});

test('raw bytes are written as their length', () => {
  const { logger, lines } = recording();
  logger.debug('archived', { received: Buffer.from('card 4111') });
  expect(lines()[0]?.['received']).toBe('[9 bytes]');
});

import { expect, test } from 'vitest';
import { printable } from './output.ts';

test('what a terminal would obey is printed by name, line breaks as they are', () => {
  expect(printable('a\u001b[2Jb\rc\u0007\u009b1m\u007f')).toBe(
    'a\\u001b[2Jb\\u000dc\\u0007\\u009b1m\\u007f',
  );
  expect(printable('{\n\t"name": "Zoë 💳"\n}')).toBe('{\n\t"name": "Zoë 💳"\n}');
});

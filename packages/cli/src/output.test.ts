import { expect, test } from 'vitest';
import { formatTable, printable } from './output.ts';

test('text from a record cannot command the terminal', () => {
  expect(printable('a\u001b[2Jb\nc\td\re\u202ef\u0085g')).toBe(
    'a\\u001b[2Jb\\nc\\td\\re\\u202ef\\u0085g',
  );
});

test('letters of any script stay as they are', () => {
  expect(printable('Jürgen 田中 🔐')).toBe('Jürgen 田中 🔐');
});

test('lays columns out and cuts the last one at the width', () => {
  expect(
    formatTable(
      ['A', 'LONG'],
      [
        ['1', 'one'],
        ['22', 'a long value'],
      ],
      10,
    ),
  ).toEqual(['A   LONG', '1   one', '22  a lon…']);
});

test('without a width nothing is cut', () => {
  expect(formatTable(['A'], [['x'.repeat(500)]])).toEqual(['A', 'x'.repeat(500)]);
});

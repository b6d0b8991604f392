import { expect, test } from 'vitest';
import { csvField } from './csv.ts';

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', `"'=1+1"`],
  ['+49', `"'+49"`],
  ['-2', `"'-2"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  [' =1', `"' =1"`],
  ['', ''],
])('%j is written as %j', (value, expected) => {
  expect(csvField(value)).toBe(expected);
});

test('numbers stay numbers', () => {
  expect(csvField(-5)).toBe('-5');
});

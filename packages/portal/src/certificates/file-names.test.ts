import { expect, test } from 'vitest';
import { fileStem } from './file-names.ts';

test('a name becomes one that every file system takes', () => {
  expect(fileStem('*.example.com')).toBe('wildcard.example.com');
  expect(fileStem('CN=a/b, O="c"')).toBe('CN-a-b-O-c');
  expect(fileStem('../..')).toBe('certificate');
  expect(fileStem('Jürgen')).toBe('Jürgen');
});

import { describe, expect, it } from 'vitest';
import { FILE_PATTERN, matchesPattern } from './file-pattern.ts';

describe('a pattern of file names', () => {
  it.each([
    ['site.pem', '*.pem', true],
    ['SITE.PEM', '*.pem', true],
    ['site.crt', '*.pem,*.crt', true],
    ['site.pem.bak', '*.pem', false],
    ['.pem', '*.pem', true],
    ['a1.pem', 'a?.pem', true],
    ['a.pem', 'a?.pem', false],
    ['abcabc', 'a*c', true],
    ['abcab', 'a*c', false],
    ['a*b', 'a*b', true],
    ['', '*', true],
    ['x', '', false],
  ])('"%s" against "%s": %s', (name, pattern, matches) => {
    expect(matchesPattern(name, pattern)).toBe(matches);
  });

  it('is compared in a moment, whatever both look like', () => {
    expect(matchesPattern('a'.repeat(255), `${'a*'.repeat(31)}b`)).toBe(false);
  });

  it('names no folders', () => {
    expect(FILE_PATTERN.test('*.pem,*.crt')).toBe(true);
    for (const pattern of ['', '../*.pem', 'a/b', '*.pem,', '*'.repeat(65)])
      expect(FILE_PATTERN.test(pattern)).toBe(false);
  });
});

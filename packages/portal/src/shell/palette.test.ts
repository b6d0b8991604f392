import { expect, test } from 'vitest';
import { PAGES } from './pages.ts';
import { paletteItems } from './palette.ts';

const ids = (typed: string, pages = PAGES) => paletteItems(typed, pages).map(({ id }) => id);

test('shows everything before anything is typed', () => {
  expect(ids('')).toEqual([
    ...PAGES.map(({ id }) => id),
    'light',
    'dark',
    'auto',
    'utc',
    'local',
    'password',
    'sign-out',
  ]);
});

test('a number is a record first and a search last', () => {
  expect(ids('41')).toEqual(['record', 'search']);
  expect(ids('#41')[0]).toBe('record');
});

test('finds pages and settings by any of their words, in any order', () => {
  expect(ids('checkpoint')).toEqual(['health', 'search']);
  expect(ids('theme dark')).toEqual(['dark', 'search']);
});

test('offers no search to those who may not read the log', () => {
  expect(ids('41', [])).toEqual([]);
  expect(ids('', [])).not.toContain('audit');
});

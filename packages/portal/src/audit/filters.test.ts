import { expect, test } from 'vitest';
import { addCondition, filterState, readFilters, removeFilter, toggleFilter } from './filters.ts';

test('a first click includes, a second value of the field widens, a click on it takes it back', () => {
  const one = toggleFilter('', 'Level', 'Warning', 'include');
  expect(one).toBe('Level -eq "Warning"');
  const two = toggleFilter(one, 'Level', 'Failure', 'include');
  expect(two).toBe('(Level -eq "Warning" OR Level -eq "Failure")');
  expect(toggleFilter(two, 'Level', 'Warning', 'include')).toBe('Level -eq "Failure"');
  expect(toggleFilter(one, 'Level', 'Warning', 'include')).toBe('');
});

test('different fields must all hold', () => {
  const text = toggleFilter('Level -eq "Warning"', 'ActingUser', 'ggant', 'include');
  expect(text).toBe('Level -eq "Warning" AND ActingUser -eq "ggant"');
});

test('excluding what was included turns it round', () => {
  const text = toggleFilter('Level -eq "Warning"', 'Level', 'Warning', 'exclude');
  expect(text).toBe('Level -ne "Warning"');
  expect(toggleFilter(text, 'Level', 'Warning', 'exclude')).toBe('');
});

test('keeps what is no filter, in words that mean the same', () => {
  const text = toggleFilter('Name -contains "web" OR revoked', 'Level', 'Failure', 'include');
  expect(text).toBe('(Name -contains "web" OR "revoked") AND Level -eq "Failure"');
  expect(toggleFilter(text, 'Level', 'Failure', 'include')).toBe(
    'Name -contains "web" OR "revoked"',
  );
});

test('reads filters whatever their spelling', () => {
  const filters = readFilters('level -EQ Warning and User -ne "a b"');
  expect(filters).toEqual([
    { field: 'Level', mode: 'include', values: ['Warning'] },
    { field: 'ActingUser', mode: 'exclude', values: ['a b'] },
  ]);
  expect(filterState(filters, 'Level', 'warning')).toBe('include');
  expect(filterState(filters, 'ActingUser', 'A B')).toBe('exclude');
  expect(filterState(filters, 'Level', 'Failure')).toBeNull();
});

test('a text that is no query has no filters', () => {
  expect(readFilters('Level -eq')).toEqual([]);
});

test('values with quotes survive', () => {
  const text = toggleFilter('', 'ActingUser', 'a "b" c', 'include');
  expect(readFilters(text)[0]?.values).toEqual(['a "b" c']);
});

test('removes a whole filter', () => {
  const text = '(Level -eq "Warning" OR Level -eq "Failure") AND Event -eq "AUTHZ"';
  const [first] = readFilters(text);
  if (first === undefined) throw new Error('no filter was read');
  expect(removeFilter(text, first)).toBe('Event -eq "AUTHZ"');
});

test('a condition joined by AND binds all of what was there', () => {
  expect(addCondition('', 'Level -eq 1', 'AND')).toBe('Level -eq 1');
  expect(addCondition('a OR b', 'Level -eq 1', 'AND')).toBe('(a OR b) AND Level -eq 1');
  expect(addCondition('a', 'Level -eq 1', 'OR')).toBe('a OR Level -eq 1');
});

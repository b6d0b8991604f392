import { expect, test } from 'vitest';
import { conflictOf, listed } from './role-conflict.ts';

const roles = [
  { name: 'Administrator', exclusive: false },
  { name: 'Auditor', exclusive: true },
  { name: 'RA', exclusive: false },
];

test('an exclusive role stands alone, others stand together', () => {
  expect(conflictOf(['Auditor'], roles)).toBeNull();
  expect(conflictOf(['Administrator', 'RA'], roles)).toBeNull();
  expect(conflictOf(['Administrator', 'Auditor', 'RA'], roles)).toEqual({
    exclusive: 'Auditor',
    others: ['Administrator', 'RA'],
  });
});

test('names are listed as in a sentence', () => {
  expect(listed(['a'])).toBe('a');
  expect(listed(['a', 'b'])).toBe('a and b');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
});

import { expect, test } from 'vitest';
import { aroundRecord, differenceText } from './differences.ts';

test('a kind of difference reads as words', () => {
  expect(differenceText('certificate_changed')).toBe('Certificate was changed');
  expect(differenceText('of_a_later_server')).toBe('of_a_later_server');
});

test('a message leads to its record where it names it', () => {
  expect(aroundRecord('certificate "a": state is "active", by record 17', 17)).toEqual([
    'Certificate "a": state is "active", by ',
    'record 17',
    '.',
  ]);
  expect(aroundRecord('record 17 says that it is there', 17)).toEqual([
    '',
    'Record 17',
    ' says that it is there.',
  ]);
});

test('a message that names another record, or none, is followed by its own', () => {
  expect(aroundRecord('it is told by record 171', 17)).toEqual([
    'It is told by record 171. ',
    'Record 17',
    '',
  ]);
});

import { expect, test } from 'vitest';
import { isMore, kindOf, operationText } from './timeline-steps.ts';

test('a step has the sign of what it does', () => {
  expect(
    ['Pending', 'Approved', 'Created', 'Renewed', 'ScheduledAdd', 'Revoked', 'Downloaded'].map(
      (operation) => kindOf({ operation, outcome: 'Success' }),
    ),
  ).toEqual(['asked', 'good', 'good', 'good', 'moved', 'bad', 'read']);
  expect(kindOf({ operation: 'Updated', outcome: 'Success' })).toBe('other');
  expect(kindOf({ operation: 'Created', outcome: 'Failure' })).toBe('bad');
});

test('an operation reads as words', () => {
  expect(operationText('ScheduledReplacement')).toBe('Scheduled replacement');
  expect(operationText('Created')).toBe('Created');
});

test('a comment that ends the sentence already is not said twice', () => {
  const sentence = 'The system completed the inventory: 2 certificates';
  expect(isMore({ sentence, comment: '2 certificates' })).toBe(false);
  expect(isMore({ sentence, comment: 'certificates' })).toBe(true);
  expect(isMore({ sentence, comment: '' })).toBe(false);
  expect(isMore({ sentence, comment: null })).toBe(false);
});

import type { EventDefinition } from '@countersign/records';
import { expect, test } from 'vitest';
import { eachOutcome, groupEvents } from './group.ts';

function event(name: string, group: EventDefinition['group']): EventDefinition {
  return {
    name,
    group,
    title: `Title of ${name}`,
    description: '',
    origin: 'dogtag',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: { Success: 'Information', Failure: 'Warning' },
    attributes: ['Resource'],
    variants: [],
    retention: 'normal',
    selectable: false,
    sentence: '',
    examples: [],
  };
}

const events = [
  event('AUTH', 'Authentication'),
  event('AUTHZ', 'Authorization'),
  event('ROLE_ASSUME', 'Authorization'),
];

test('events are grouped in the order of the catalogue', () => {
  expect(groupEvents(events, '').map(({ name, events: held }) => [name, held.length])).toEqual([
    ['Authentication', 1],
    ['Authorization', 2],
  ]);
});

test('every word must be found, in any field and any case', () => {
  const names = (search: string) =>
    groupEvents(events, search).flatMap(({ events: held }) => held.map(({ name }) => name));
  expect(names('role')).toEqual(['ROLE_ASSUME']);
  expect(names('AUTHORIZATION resource')).toEqual(['AUTH', 'AUTHZ', 'ROLE_ASSUME']);
  expect(names('nothing')).toEqual([]);
});

test('a value for each outcome is shown once where both are the same', () => {
  expect(eachOutcome('Warning')).toEqual(['Warning']);
  expect(eachOutcome({ Success: 'Information', Failure: 'Warning' })).toEqual([
    'Information',
    'Warning',
  ]);
  expect(eachOutcome({ Success: 'Failure', Failure: 'Failure' })).toEqual(['Failure']);
});

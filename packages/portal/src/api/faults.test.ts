import { expect, test } from 'vitest';
import { faultsOf } from './faults.ts';
import { ApiProblem } from './problem.ts';

const faulty = new ApiProblem(422, {
  code: 'request_invalid',
  detail: 'username: expected 1 to 64 characters, got ""',
  errors: [
    { field: 'username', expected: '1 to 64 characters', got: '""' },
    { field: 'roles.0', expected: 'a role', got: '"Nobody"' },
  ],
});

test('each fault is told at its field, in a sentence', () => {
  expect(faultsOf(faulty, ['username', 'roles'])).toEqual({
    general: null,
    fields: {
      username: 'Expected 1 to 64 characters, got "".',
      roles: 'Expected a role, got "Nobody".',
    },
  });
});

test('a fault of a field the form does not have is told above it', () => {
  expect(faultsOf(faulty, ['username'])).toEqual({
    general: 'roles.0: Expected a role, got "Nobody".',
    fields: { username: 'Expected 1 to 64 characters, got "".' },
  });
});

test('a whole refusal goes to the field its code is about', () => {
  const taken = new ApiProblem(409, {
    code: 'already_exists',
    detail: 'there is a "jdoe" already',
  });
  expect(faultsOf(taken, ['username'], { already_exists: 'username' })).toEqual({
    general: null,
    fields: { username: 'There is a "jdoe" already.' },
  });
  const named = new ApiProblem(409, { detail: 'groups.1: "Clerks" is taken', field: 'groups.1' });
  expect(faultsOf(named, ['name', 'groups']).fields).toEqual({ groups: '"Clerks" is taken.' });
  expect(faultsOf(taken, ['username']).general).toBe('There is a "jdoe" already.');
});

test('a denial names its record, a failure its request', () => {
  const denied = new ApiProblem(403, { code: 'access_denied', detail: 'no right', recordIndex: 7 });
  expect(faultsOf(denied, []).general).toBe('No right. The attempt was recorded as record 7.');
  const failed = new ApiProblem(500, { detail: 'something unexpected happened', requestId: 'r-1' });
  expect(faultsOf(failed, []).general).toBe('Something unexpected happened. Request r-1.');
});

test('nothing failed, nothing is told', () => {
  expect(faultsOf(null, ['username'])).toEqual({ general: null, fields: {} });
});

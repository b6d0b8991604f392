import { expect, test } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { describeFailure } from './failure.ts';

test('a locked account says until when', () => {
  const failure = describeFailure(
    new ApiProblem(423, { code: 'account_locked', lockedUntil: '2026-11-22T05:15:00.000Z' }),
  );
  expect(failure.title).toBe('This account is locked');
  expect(failure.until).toBe('2026-11-22T05:15:00.000Z');
});

test('a wrong name and a wrong password are told the same', () => {
  expect(describeFailure(new ApiProblem(401, { code: 'invalid_credentials' })).title).toBe(
    'Name or password is wrong',
  );
});

test('an unreachable server and an unknown failure are told apart', () => {
  expect(describeFailure(new ApiProblem(0, {})).title).toBe('The server did not answer');
  expect(describeFailure(new ApiProblem(418, { code: 'teapot', detail: 'short' })).advice).toBe(
    'short (teapot).',
  );
  expect(describeFailure(new Error('x')).title).toBe('Signing in failed');
});

import { expect, test } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { describePasswordFailure } from './password-failure.ts';

test('a wrong present password is told at its field', () => {
  expect(
    describePasswordFailure(new ApiProblem(401, { code: 'credentials_invalid', detail: 'wrong' })),
  ).toEqual({ field: 'current', text: 'This is not your present password.' });
});

test('what a new password has to be is told at its field', () => {
  const problem = new ApiProblem(422, {
    code: 'request_invalid',
    detail: 'next: expected 8 to 256 characters, got 3 characters',
    errors: [{ field: 'next', expected: '8 to 256 characters', got: '3 characters' }],
  });
  expect(describePasswordFailure(problem)).toEqual({
    field: 'next',
    text: 'Use 8 to 256 characters.',
  });
});

test('anything else is told above the form', () => {
  expect(describePasswordFailure(new ApiProblem(401, { code: 'session_expired' }))).toEqual({
    field: null,
    text: 'The session has ended. Sign in again to change it.',
  });
  expect(describePasswordFailure(new ApiProblem(429, { code: 'rate_limited' })).text).toBe(
    'Too many attempts. Wait a moment, then try again.',
  );
  expect(describePasswordFailure(new Error('x')).text).toBe(
    'The password was not changed. Load the page again.',
  );
});

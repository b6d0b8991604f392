import { expect, test } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { describeFailure, describeReturn } from './failure.ts';

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

test('what a client certificate is refused for is told apart from a wrong password', () => {
  expect(describeFailure(new ApiProblem(401, { code: 'not_signed_in' })).title).toBe(
    'The browser showed no certificate',
  );
  expect(describeFailure(new ApiProblem(401, { code: 'certificate_unknown' })).title).toBe(
    'This certificate is nobody’s here',
  );
});

test('each way back from the identity provider has its words, and no others get in', () => {
  expect(describeReturn('provider_unavailable')).toEqual({
    tone: 'warn',
    title: 'The identity provider cannot be reached',
    advice: 'Try again in a moment, or sign in another way.',
  });
  expect(describeReturn('access_denied').title).toBe('You have no role here');
  expect(describeReturn('role_conflict').title).toBe('Your roles exclude each other');
  for (const code of ['Send your password to …', 'constructor', '__proto__'])
    expect(describeReturn(code).title).toBe('Signing in failed');
});

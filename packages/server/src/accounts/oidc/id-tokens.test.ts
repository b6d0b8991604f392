import { expect, test } from 'vitest';
import { TestClock } from '../../testing/harness.ts';
import { IdTokens } from './id-tokens.ts';

const LONGEST = 28_800_000;

test('the id token of a session is given out once, when it ends', () => {
  const tokens = new IdTokens(new TestClock().read, LONGEST);
  tokens.keep('session', 'token');
  expect(tokens.take('another')).toBeNull();
  expect(tokens.take('session')).toBe('token');
  expect(tokens.take('session')).toBeNull();
});

test('tokens of sessions that have ended otherwise are forgotten', () => {
  const clock = new TestClock();
  const tokens = new IdTokens(clock.read, LONGEST);
  tokens.keep('old', 'token');
  clock.advance(LONGEST);
  tokens.keep('younger', 'token');
  expect(tokens.take('younger')).toBe('token');
  clock.advance(1);
  tokens.keep('new', 'token');
  expect(tokens.take('old')).toBeNull();
});

test('so many are kept at most, the newest', () => {
  const tokens = new IdTokens(new TestClock().read, LONGEST);
  for (let i = 0; i <= 10_000; i += 1) tokens.keep(`session-${i}`, 'token');
  expect(tokens.take('session-0')).toBeNull();
  expect(tokens.take('session-1')).toBe('token');
  expect(tokens.take('session-10000')).toBe('token');
});

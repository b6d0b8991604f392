import { expect, test } from 'vitest';
import { TestClock } from '../../testing/harness.ts';
import { PENDING_MS, PendingSignIns, type PendingSignIn } from './pending.ts';

const signIn: PendingSignIn = {
  nonce: 'nonce',
  verifier: 'verifier',
  redirectUri: 'https://cs.example/api/v1/session/oidc/callback',
  next: '/portal/',
  previous: null,
};
const from = { address: '192.0.2.7', browser: null };

test('a state is good once, for the browser that left with it', () => {
  const pending = new PendingSignIns(new TestClock().read);
  const { state, browser } = pending.add(signIn, from);
  expect(pending.take(state, browser)).toEqual(signIn);
  expect(pending.take(state, browser)).toBe('used');
  expect(pending.take(`${state}x`, browser)).toBe('unknown');
});

test('where a browser wanted to go is known as long as its state, and to nobody else', () => {
  const clock = new TestClock();
  const pending = new PendingSignIns(clock.read);
  const { state, browser } = pending.add(signIn, from);
  pending.take(state, browser);
  expect(pending.nextOf(state, browser)).toBe('/portal/');
  expect(pending.nextOf(state, pending.add(signIn, from).browser)).toBeNull();
  expect(pending.nextOf(state, null)).toBeNull();
  expect(pending.nextOf(null, browser)).toBeNull();
});

test('a state tried by another browser is good for nobody', () => {
  const pending = new PendingSignIns(new TestClock().read);
  const one = pending.add(signIn, from);
  const other = pending.add(signIn, from);
  expect(pending.take(one.state, other.browser)).toBe('foreign');
  expect(pending.take(one.state, one.browser)).toBe('used');
  expect(pending.take(other.state, null)).toBe('foreign');
});

test('a state ends after ten minutes and is forgotten after twenty', () => {
  const clock = new TestClock();
  const pending = new PendingSignIns(clock.read);
  const late = pending.add(signIn, from);
  const later = pending.add(signIn, from);
  const good = pending.add(signIn, from);
  clock.advance(PENDING_MS);
  expect(pending.take(good.state, good.browser)).toEqual(signIn);
  clock.advance(1);
  expect(pending.take(late.state, late.browser)).toBe('expired');
  clock.advance(PENDING_MS);
  expect(pending.take(later.state, later.browser)).toBe('unknown');
  expect(pending.size).toBe(0);
});

test('a browser keeps its key while a sign-in of it is under way, and none of its own making', () => {
  const clock = new TestClock();
  const pending = new PendingSignIns(clock.read);
  const { browser } = pending.add(signIn, from);
  expect(pending.add(signIn, { ...from, browser }).browser).toBe(browser);
  const own = 'x'.repeat(43);
  expect(pending.add(signIn, { ...from, browser: own }).browser).not.toBe(own);
  clock.advance(PENDING_MS + 1);
  expect(pending.add(signIn, { ...from, browser }).browser).not.toBe(browser);
});

test('a flood from one address takes the place of its own sign-ins, never of others', () => {
  const pending = new PendingSignIns(new TestClock().read);
  const honest = pending.add(signIn, from);
  const flood = { address: '198.51.100.9', browser: null };
  const first = pending.add(signIn, flood);
  for (let i = 0; i < 200; i += 1) pending.add(signIn, flood);
  expect(pending.size).toBe(51);
  expect(pending.take(first.state, first.browser)).toBe('unknown');
  expect(pending.take(honest.state, honest.browser)).toEqual(signIn);
});

test('floods from many addresses take no more than so much memory', () => {
  const pending = new PendingSignIns(new TestClock().read);
  for (let i = 0; i < 6_000; i += 1) {
    const address = `10.${Math.floor(i / 65_536)}.${Math.floor(i / 256) % 256}.${i % 256}`;
    pending.add(signIn, { address, browser: null });
  }
  expect(pending.size).toBe(5_000);
});

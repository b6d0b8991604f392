import { expect, test } from 'vitest';
import { comparePin, parsePin, type Pin } from './pin.ts';

const now = new Date('2026-11-22T05:00:00.000Z');
const pin: Pin = { vkey: 'log+aa+AQ==', since: '2026-01-01T00:00:00.000Z', source: 'pasted' };

test('the first key seen is pinned as such', () => {
  expect(comparePin(null, 'log+aa+AQ==', now)).toEqual({
    kind: 'first-use',
    pin: { vkey: 'log+aa+AQ==', since: now.toISOString(), source: 'first-seen' },
  });
});

test('the same key keeps its pin', () => {
  expect(comparePin(pin, 'log+aa+AQ==', now)).toEqual({ kind: 'match', pin });
});

test('another key is a change that keeps both values and does not replace the pin', () => {
  expect(comparePin(pin, 'log+bb+AQ==', now)).toEqual({
    kind: 'changed',
    pin,
    offered: 'log+bb+AQ==',
  });
});

test('what was kept comes back, and what cannot be read is no pin', () => {
  expect(parsePin(JSON.stringify(pin))).toEqual(pin);
  for (const text of [null, '', '{', '{}', '{"vkey":1,"since":"x"}']) {
    expect(parsePin(text)).toBeNull();
  }
});

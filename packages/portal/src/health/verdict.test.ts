import { expect, test } from 'vitest';
import type { HealthDetails } from '../api/types.ts';
import { judgeHealth, progressText } from './verdict.ts';

const health: HealthDetails = {
  status: 'ok',
  treeSize: 1204,
  indexedSize: 1204,
  reasons: [],
  origin: 'log',
  keys: [],
  checkpoint: { text: '', signedAt: '2026-11-22T05:00:00.000Z', ageSeconds: 1 },
  segments: 1,
  disk: { freeBytes: 1, totalBytes: 2 },
  producers: [],
  startedAt: '2026-11-22T04:00:00.000Z',
  index: { indexedSize: 1204, lag: 0 },
  queue: { records: 0, bytes: 0 },
  verification: { state: 'never' },
};

test('a log that is well says how much it holds', () => {
  expect(judgeHealth(health, null, false)).toEqual({
    tone: 'good',
    title: 'The log is well',
    reasons: ['It takes records and holds 1,204 records, all of them searchable.'],
  });
});

test('reasons of the server become sentences', () => {
  const verdict = judgeHealth(
    { ...health, status: 'degraded', reasons: ['the index is 12000 records behind'] },
    null,
    false,
  );
  expect(verdict).toEqual({
    tone: 'warn',
    title: 'The log works, but needs attention',
    reasons: ['The index is 12000 records behind.'],
  });
});

test('what this browser found weighs more than what the server says', () => {
  const rolledBack = { kind: 'failed', detail: 'The log is shorter than it was.' } as const;
  expect(judgeHealth(health, rolledBack, false).tone).toBe('fail');
  expect(judgeHealth(health, null, true).reasons).toEqual([
    'The log is signed by another key than the one this browser pinned.',
  ]);
});

test('progress says what is left', () => {
  expect(progressText(0, 100, 5000)).toBe('0 of 100 records');
  expect(progressText(50_000, 100_000, 10_000)).toBe('50,000 of 100,000 records, about 10 s left');
  expect(progressText(100, 100, 10_000)).toBe('100 of 100 records');
});

import { expect, test } from 'vitest';
import type { Review } from '../../api/security.ts';
import { lastDayOf, quarterOf, quartersOf, reviewState } from './review-period.ts';

function review(period: string, signedAt: string | null = null): Review {
  return {
    period,
    createdAt: '2026-10-02T00:00:00.000Z',
    createdBy: 'admin',
    signedAt,
    signedBy: signedAt === null ? null : 'auditor',
    comment: null,
    report: { identities: [], roles: [], conflicts: [], dormant: [] },
  };
}

const now = new Date('2026-11-22T05:00:00.000Z');

test('quarters begin and end in UTC', () => {
  expect(quarterOf(now)).toBe('2026-Q4');
  expect(quarterOf(new Date('2026-03-31T23:59:59.999Z'))).toBe('2026-Q1');
  expect(lastDayOf('2026-Q4')).toBe('2026-12-31');
  expect(lastDayOf('2026-Q1')).toBe('2026-03-31');
  expect(lastDayOf('2026')).toBe('');
});

test('a review is due while its quarter lasts, then overdue, until it is signed', () => {
  expect(reviewState(review('2026-Q4'), now)).toBe('due');
  expect(reviewState(review('2026-Q3'), now)).toBe('overdue');
  expect(reviewState(review('2026-Q3', '2026-10-03T00:00:00.000Z'), now)).toBe('signed');
});

test('quarters from the one that is due are listed also when nobody has begun their review', () => {
  const shown = (due: string, reviews: Review[]) =>
    quartersOf(reviews, due, now).map(({ period, state, review: held }) => [
      period,
      state,
      held === null,
    ]);
  expect(shown('2026-Q3', [review('2026-Q2', 'x'), review('2026-Q3')])).toEqual([
    ['2026-Q4', 'due', true],
    ['2026-Q3', 'overdue', false],
    ['2026-Q2', 'signed', false],
  ]);
  expect(shown('2026-Q3', [])).toEqual([
    ['2026-Q4', 'due', true],
    ['2026-Q3', 'overdue', true],
  ]);
  expect(shown('2027-Q1', [review('2026-Q4', 'x')])).toEqual([['2026-Q4', 'signed', false]]);
  expect(shown('soon', [])).toEqual([]);
});

import type { Review } from '../../api/security.ts';

/** The quarter a time is in, in UTC: "2026-Q4". */
export function quarterOf(time: Date): string {
  return `${time.getUTCFullYear()}-Q${Math.floor(time.getUTCMonth() / 3) + 1}`;
}

/** The first moment after a quarter; null for what is none. */
export function endOf(period: string): Date | null {
  const parts = /^(\d{4})-Q([1-4])$/.exec(period);
  if (parts === null) return null;
  return new Date(Date.UTC(Number(parts[1]), Number(parts[2]) * 3, 1));
}

/** The last day of a quarter: "2026-12-31"; empty for what is none. */
export function lastDayOf(period: string): string {
  const end = endOf(period);
  return end === null ? '' : new Date(end.getTime() - 1).toISOString().slice(0, 10);
}

/** Where a review stands: it is due until its quarter ends, and overdue from then on. */
export type ReviewState = 'signed' | 'due' | 'overdue';

export function reviewState({ period, signedAt }: Pick<Review, 'period' | 'signedAt'>, now: Date) {
  if (signedAt !== null) return 'signed';
  const end = endOf(period);
  return end !== null && now >= end ? 'overdue' : 'due';
}

/** A quarter with its review; null where nobody has begun it. */
export interface Quarter {
  readonly period: string;
  readonly review: Review | null;
  readonly state: ReviewState;
}

/** The quarter after one; empty for what is none. */
function quarterAfter(period: string): string {
  const end = endOf(period);
  return end === null ? '' : quarterOf(end);
}

/**
 * Every quarter that has a review, and those from the one that is due to the present one in any case: nobody overlooks
 * a quarter that has none. The newest first.
 */
export function quartersOf(reviews: readonly Review[], due: string, now: Date): Quarter[] {
  const present = quarterOf(now);
  const quarters: Quarter[] = reviews.map((review) => ({
    period: review.period,
    review,
    state: reviewState(review, now),
  }));
  for (let period = due; period !== '' && period <= present; period = quarterAfter(period)) {
    if (reviews.some((review) => review.period === period)) continue;
    quarters.push({ period, review: null, state: reviewState({ period, signedAt: null }, now) });
  }
  return quarters.toSorted((a, b) => (a.period < b.period ? 1 : -1));
}

import { StateMark } from '../../components/Marks.tsx';
import { lastDayOf, type Quarter } from './review-period.ts';

/** Where the review of a quarter stands, as a shape and words. */
export function ReviewStateMark({ period, state }: Pick<Quarter, 'period' | 'state'>) {
  switch (state) {
    case 'signed':
      return <StateMark tone="accent">Signed off</StateMark>;
    case 'due':
      return <StateMark>Due by {lastDayOf(period)}</StateMark>;
    case 'overdue':
      return <StateMark tone="warn">Overdue since {lastDayOf(period)}</StateMark>;
  }
}

/**
 * When something is done: at once, every so many minutes, at a time of the day, on days of the week, or exactly once.
 * Times of the day are UTC. `null` in the place of a schedule: never by itself.
 */
export type Schedule =
  | { readonly immediate: true }
  | { readonly interval: { readonly minutes: number } }
  | { readonly daily: { readonly time: string } }
  | { readonly weekly: { readonly days: readonly Weekday[]; readonly time: string } }
  | { readonly exactlyOnce: { readonly time: string } };

/** In the order of `Date.getUTCDay`. */
export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `HH:MM`, UTC. */
export const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
/** Longest interval: four weeks. */
export const MAX_INTERVAL_MINUTES = 40_320;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** When a schedule that begins now is due first. What should have been exactly once in the past is due now. */
export function firstDue(schedule: Schedule, now: Date): Date {
  if ('immediate' in schedule) return now;
  if ('exactlyOnce' in schedule)
    return new Date(Math.max(Date.parse(schedule.exactlyOnce.time), now.getTime()));
  return repeated(schedule, now);
}

/** When a schedule is due again after it was done now; null: it is done for good. Missed times are not made up for. */
export function nextDue(schedule: Schedule, now: Date): Date | null {
  if ('immediate' in schedule || 'exactlyOnce' in schedule) return null;
  return repeated(schedule, now);
}

/** Whether a schedule comes again. */
export function isRepeated(schedule: Schedule): schedule is Repeated {
  return !('immediate' in schedule || 'exactlyOnce' in schedule);
}
type Repeated = Exclude<Schedule, { immediate: true } | { exactlyOnce: object }>;

/** The first time strictly after `after`. */
function repeated(schedule: Repeated, after: Date): Date {
  if ('interval' in schedule)
    return new Date(after.getTime() + schedule.interval.minutes * MINUTE_MS);
  const { time } = 'daily' in schedule ? schedule.daily : schedule.weekly;
  const days: readonly Weekday[] = 'daily' in schedule ? WEEKDAYS : schedule.weekly.days;
  const midnight = Date.UTC(after.getUTCFullYear(), after.getUTCMonth(), after.getUTCDate());
  // A week and a day: today's time may be over, and the only day may be today.
  for (let day = 0; day <= 7; day += 1) {
    const due = new Date(midnight + day * DAY_MS + minutesOf(time) * MINUTE_MS);
    if (due > after && days.includes(weekdayOf(due))) return due;
  }
  throw new RangeError('weekly.days: expected at least one day, got none');
}

/** A schedule as people say it: `daily at 03:00 UTC`. */
export function describeSchedule(schedule: Schedule | null): string {
  if (schedule === null) return 'off';
  if ('immediate' in schedule) return 'immediately';
  if ('interval' in schedule) {
    const { minutes } = schedule.interval;
    return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
  }
  if ('daily' in schedule) return `daily at ${schedule.daily.time} UTC`;
  if ('exactlyOnce' in schedule) return `once at ${schedule.exactlyOnce.time}`;
  const { days, time } = schedule.weekly;
  return `on ${WEEKDAYS.filter((day) => days.includes(day)).join(', ')} at ${time} UTC`;
}

/** A schedule as a column holds it, and back. */
export function formatSchedule(schedule: Schedule | null): string | null {
  return schedule === null ? null : JSON.stringify(schedule);
}
export function parseSchedule(text: string | null): Schedule | null {
  return text === null ? null : (JSON.parse(text) as Schedule);
}

function minutesOf(time: string): number {
  if (!TIME_OF_DAY.test(time))
    throw new RangeError(`time: expected HH:MM from 00:00 to 23:59, got "${time}"`);
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function weekdayOf(date: Date): Weekday {
  const day = WEEKDAYS[date.getUTCDay()];
  if (day === undefined) throw new RangeError('expected a date, got none');
  return day;
}

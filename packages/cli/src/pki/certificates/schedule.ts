import { InvalidArgumentError } from 'commander';
import { parseMoment } from './arguments.ts';

/** When something is done, as the server says it; null: never by itself. Times of the day are UTC. */
export type Schedule =
  | { readonly immediate: true }
  | { readonly interval: { readonly minutes: number } }
  | { readonly daily: { readonly time: string } }
  | { readonly weekly: { readonly days: readonly string[]; readonly time: string } }
  | { readonly exactlyOnce: { readonly time: string } }
  | null;

export const SCHEDULE_HELP = `
A schedule is one of: now · 'every 6h' (m, h, d) · 'daily 03:00' · 'weekly Monday,Friday 03:00' ·
'once 2026-12-01T03:00:00Z' · off. Times of the day are UTC.`;

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1_440 };

/** Parses what `SCHEDULE_HELP` describes. */
export function parseSchedule(text: string): Schedule {
  const [word = '', ...rest] = text.trim().split(/\s+/);
  const [first = '', second = ''] = rest;
  switch (`${word.toLowerCase()} ${rest.length}`) {
    case 'off 0':
      return null;
    case 'now 0':
      return { immediate: true };
    case 'every 1':
      return { interval: { minutes: minutesOf(first) } };
    case 'daily 1':
      return { daily: { time: timeOf(first) } };
    case 'weekly 2':
      return { weekly: { days: first.split(',').map(dayOf), time: timeOf(second) } };
    case 'once 1':
      return { exactlyOnce: { time: parseMoment(first) } };
    default:
      throw new InvalidArgumentError(
        "expected now, 'every 6h', 'daily 03:00', 'weekly Monday,Friday 03:00', 'once 2026-12-01T03:00:00Z' or off",
      );
  }
}

function minutesOf(text: string): number {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const minutes = Number(digits) * (MINUTES[unit] ?? 0);
  if (minutes > 0) return minutes;
  throw new InvalidArgumentError(`every: expected a number of m, h or d, e.g. 6h, got "${text}"`);
}

function timeOf(text: string): string {
  if (/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new InvalidArgumentError(`expected a time HH:MM (UTC), got "${text}"`);
}

/** A day by its name or the beginning of it: three letters at least. */
function dayOf(text: string): string {
  const wanted = text.toLowerCase();
  const found = DAYS.find((day) => wanted.length >= 3 && day.toLowerCase().startsWith(wanted));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`expected a day of the week, got "${text}"`);
}

/** A schedule as `parseSchedule` takes it. */
export function formatSchedule(schedule: Schedule): string {
  if (schedule === null) return 'off';
  if ('immediate' in schedule) return 'now';
  if ('interval' in schedule) return `every ${formatMinutes(schedule.interval.minutes)}`;
  if ('daily' in schedule) return `daily ${schedule.daily.time}`;
  if ('weekly' in schedule)
    return `weekly ${schedule.weekly.days.join(',')} ${schedule.weekly.time}`;
  return `once ${schedule.exactlyOnce.time}`;
}

function formatMinutes(minutes: number): string {
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

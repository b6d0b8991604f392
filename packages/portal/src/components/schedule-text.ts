import { WEEKDAYS, type Schedule, type Weekday } from '../api/settings.ts';

/** A schedule in words: "daily at 03:00 UTC". */
export function scheduleText(schedule: Schedule): string {
  if (schedule === null) return 'never by itself';
  if ('immediate' in schedule) return 'at once';
  if ('interval' in schedule) {
    const { minutes } = schedule.interval;
    if (minutes % 1440 === 0 && minutes > 0) return everyText(minutes / 1440, 'day');
    if (minutes % 60 === 0 && minutes > 0) return everyText(minutes / 60, 'hour');
    return everyText(minutes, 'minute');
  }
  if ('daily' in schedule) return `daily at ${schedule.daily.time} UTC`;
  if ('weekly' in schedule) {
    return `${schedule.weekly.days.join(', ')} at ${schedule.weekly.time} UTC`;
  }
  return `once, ${new Date(schedule.exactlyOnce.time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function everyText(count: number, unit: string): string {
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

export const SCHEDULE_FORMS = [
  { id: 'immediate', title: 'At once' },
  { id: 'interval', title: 'Every so many minutes' },
  { id: 'daily', title: 'Daily' },
  { id: 'weekly', title: 'On days of the week' },
  { id: 'exactlyOnce', title: 'Once, at a time' },
  { id: 'off', title: 'Never by itself' },
] as const;
export type ScheduleForm = (typeof SCHEDULE_FORMS)[number]['id'];

/** What is typed into the form of a schedule. */
export interface ScheduleDraft {
  readonly form: ScheduleForm;
  readonly minutes: number;
  /** HH:MM, UTC. */
  readonly time: string;
  readonly days: readonly Weekday[];
  /** RFC 3339; empty while there is none. */
  readonly at: string;
}

export function draftOf(schedule: Schedule): ScheduleDraft {
  const draft: ScheduleDraft = {
    form: 'off',
    minutes: 60,
    time: '03:00',
    days: [WEEKDAYS[0]],
    at: '',
  };
  if (schedule === null) return draft;
  if ('immediate' in schedule) return { ...draft, form: 'immediate' };
  if ('interval' in schedule) {
    return { ...draft, form: 'interval', minutes: schedule.interval.minutes };
  }
  if ('daily' in schedule) return { ...draft, form: 'daily', time: schedule.daily.time };
  if ('weekly' in schedule) return { ...draft, form: 'weekly', ...schedule.weekly };
  return { ...draft, form: 'exactlyOnce', at: schedule.exactlyOnce.time };
}

/** The reverse; undefined while something is missing. */
export function scheduleOf(draft: ScheduleDraft): Schedule | undefined {
  const { form, minutes, time, days, at } = draft;
  const timed = /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time);
  switch (form) {
    case 'off':
      return null;
    case 'immediate':
      return { immediate: true };
    case 'interval':
      return minutes >= 1 ? { interval: { minutes } } : undefined;
    case 'daily':
      return timed ? { daily: { time } } : undefined;
    case 'weekly':
      return timed && days.length > 0 ? { weekly: { days, time } } : undefined;
    case 'exactlyOnce':
      return at === '' ? undefined : { exactlyOnce: { time: at } };
  }
}

import { expect, test } from 'vitest';
import type { Schedule } from '../api/settings.ts';
import { draftOf, scheduleOf, scheduleText } from './schedule-text.ts';

const schedules: [Schedule, string][] = [
  [null, 'never by itself'],
  [{ immediate: true }, 'at once'],
  [{ interval: { minutes: 15 } }, 'every 15 minutes'],
  [{ interval: { minutes: 60 } }, 'every hour'],
  [{ interval: { minutes: 2880 } }, 'every 2 days'],
  [{ daily: { time: '03:00' } }, 'daily at 03:00 UTC'],
  [{ weekly: { days: ['Monday', 'Friday'], time: '22:15' } }, 'Monday, Friday at 22:15 UTC'],
  [{ exactlyOnce: { time: '2027-01-01T03:00:00.000Z' } }, 'once, 2027-01-01 03:00 UTC'],
];

test.each(schedules)('%j reads as words and goes through the form unchanged', (schedule, words) => {
  expect(scheduleText(schedule)).toBe(words);
  expect(scheduleOf(draftOf(schedule))).toEqual(schedule);
});

test('what is incomplete is no schedule yet', () => {
  const draft = draftOf(null);
  expect(scheduleOf({ ...draft, form: 'weekly', days: [] })).toBeUndefined();
  expect(scheduleOf({ ...draft, form: 'daily', time: '25:00' })).toBeUndefined();
  expect(scheduleOf({ ...draft, form: 'exactlyOnce' })).toBeUndefined();
});

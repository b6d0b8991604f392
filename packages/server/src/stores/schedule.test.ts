import { describe, expect, it } from 'vitest';
import {
  describeSchedule,
  firstDue,
  formatSchedule,
  isRepeated,
  nextDue,
  parseSchedule,
  type Schedule,
} from './schedule.ts';

// A Sunday.
const NOW = new Date('2026-11-22T12:00:00.000Z');
const first = (schedule: Schedule) => firstDue(schedule, NOW).toISOString();
const next = (schedule: Schedule, now = NOW) => nextDue(schedule, now)?.toISOString() ?? null;

describe('a schedule', () => {
  it('that is immediate is due now, and never again', () => {
    expect(first({ immediate: true })).toBe('2026-11-22T12:00:00.000Z');
    expect(next({ immediate: true })).toBeNull();
  });

  it('of exactly one time is due then, and never again; at once when the time is over', () => {
    const later = { exactlyOnce: { time: '2027-01-01T00:00:00Z' } };
    expect(first(later)).toBe('2027-01-01T00:00:00.000Z');
    expect(next(later)).toBeNull();
    expect(first({ exactlyOnce: { time: '2020-01-01T00:00:00Z' } })).toBe(NOW.toISOString());
  });

  it('of an interval counts from now', () => {
    expect(first({ interval: { minutes: 90 } })).toBe('2026-11-22T13:30:00.000Z');
    expect(next({ interval: { minutes: 90 } })).toBe('2026-11-22T13:30:00.000Z');
  });

  it.each([
    ['12:01', '2026-11-22T12:01:00.000Z'],
    ['12:00', '2026-11-23T12:00:00.000Z'],
    ['00:00', '2026-11-23T00:00:00.000Z'],
    ['23:59', '2026-11-22T23:59:00.000Z'],
  ])('of every day at %s is due at the first such time after now', (time, due) => {
    expect(first({ daily: { time } })).toBe(due);
    expect(next({ daily: { time } })).toBe(due);
  });

  it('of days of the week finds the next of them, a week later when today is over', () => {
    expect(first({ weekly: { days: ['Tuesday', 'Sunday'], time: '13:00' } })).toBe(
      '2026-11-22T13:00:00.000Z',
    );
    expect(first({ weekly: { days: ['Tuesday', 'Sunday'], time: '11:00' } })).toBe(
      '2026-11-24T11:00:00.000Z',
    );
    expect(next({ weekly: { days: ['Sunday'], time: '12:00' } })).toBe('2026-11-29T12:00:00.000Z');
  });

  it('passes the end of a month and of a year, and 29 February', () => {
    const newYear = new Date('2026-12-31T23:59:59.999Z');
    expect(next({ daily: { time: '00:00' } }, newYear)).toBe('2027-01-01T00:00:00.000Z');
    const leap = new Date('2028-02-28T06:00:00.000Z');
    expect(next({ daily: { time: '05:00' } }, leap)).toBe('2028-02-29T05:00:00.000Z');
  });

  it('does not make up for what was missed', () => {
    const monthsLater = new Date('2027-03-01T10:00:30.000Z');
    expect(next({ interval: { minutes: 1 } }, monthsLater)).toBe('2027-03-01T10:01:30.000Z');
    expect(next({ daily: { time: '09:00' } }, monthsLater)).toBe('2027-03-02T09:00:00.000Z');
  });

  it('refuses a time that is none, and a week without days', () => {
    expect(() => firstDue({ daily: { time: '24:00' } }, NOW)).toThrow(
      'time: expected HH:MM from 00:00 to 23:59, got "24:00"',
    );
    expect(() => firstDue({ weekly: { days: [], time: '10:00' } }, NOW)).toThrow(
      'weekly.days: expected at least one day, got none',
    );
  });

  it.each<[Schedule | null, string]>([
    [null, 'off'],
    [{ immediate: true }, 'immediately'],
    [{ interval: { minutes: 1 } }, 'every minute'],
    [{ interval: { minutes: 30 } }, 'every 30 minutes'],
    [{ daily: { time: '03:00' } }, 'daily at 03:00 UTC'],
    [{ weekly: { days: ['Friday', 'Monday'], time: '03:00' } }, 'on Monday, Friday at 03:00 UTC'],
    [{ exactlyOnce: { time: '2027-01-01T00:00:00Z' } }, 'once at 2027-01-01T00:00:00Z'],
  ])('%j is said as "%s", and kept as it is', (schedule, said) => {
    expect(describeSchedule(schedule)).toBe(said);
    expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
  });

  it('comes again, or does not', () => {
    expect(isRepeated({ daily: { time: '03:00' } })).toBe(true);
    expect(isRepeated({ immediate: true })).toBe(false);
  });
});

import { describe, expect, test } from 'vitest';
import { formatSchedule, parseSchedule } from './schedule.ts';

describe('a schedule', () => {
  test.for([
    ['off', null, 'off'],
    ['now', { immediate: true }, 'now'],
    ['every 90m', { interval: { minutes: 90 } }, 'every 90m'],
    ['every 6h', { interval: { minutes: 360 } }, 'every 6h'],
    ['every 2d', { interval: { minutes: 2_880 } }, 'every 2d'],
    ['daily 03:00', { daily: { time: '03:00' } }, 'daily 03:00'],
    [
      'Weekly mon,Friday  23:59',
      { weekly: { days: ['Monday', 'Friday'], time: '23:59' } },
      'weekly Monday,Friday 23:59',
    ],
    [
      'once 2026-12-01T03:00:00Z',
      { exactlyOnce: { time: '2026-12-01T03:00:00.000Z' } },
      'once 2026-12-01T03:00:00.000Z',
    ],
  ] as const)('is written %j and printed as it is read', ([text, schedule, printed]) => {
    expect(parseSchedule(text)).toEqual(schedule);
    expect(formatSchedule(parseSchedule(text))).toBe(printed);
    expect(parseSchedule(printed)).toEqual(schedule);
  });

  test.for([
    ['', "expected now, 'every 6h'"],
    ['hourly', "expected now, 'every 6h'"],
    ['now 03:00', "expected now, 'every 6h'"],
    ['every 0m', 'every: expected a number of m, h or d, e.g. 6h, got "0m"'],
    ['every 6', 'every: expected a number of m, h or d, e.g. 6h, got "6"'],
    ['daily 24:00', 'expected a time HH:MM (UTC), got "24:00"'],
    ['weekly mo 03:00', 'expected a day of the week, got "mo"'],
    ['weekly Monday', "expected now, 'every 6h'"],
    ['once tomorrow', 'expected a date or time with its zone'],
  ])('is not %j', ([text = '', message = '']) => {
    expect(() => parseSchedule(text)).toThrow(message);
  });
});

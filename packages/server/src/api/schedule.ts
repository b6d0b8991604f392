import { z } from '@hono/zod-openapi';
import { MAX_INTERVAL_MINUTES, TIME_OF_DAY, WEEKDAYS } from '../stores/schedule.ts';

const TimeOfDay = z
  .string()
  .regex(TIME_OF_DAY, 'HH:MM from 00:00 to 23:59')
  .openapi({ description: 'UTC.', example: '03:00' });

const Immediate = z.strictObject({ immediate: z.literal(true) });
const ExactlyOnce = z.strictObject({
  exactlyOnce: z.strictObject({
    time: z.iso.datetime().openapi({ example: '2027-01-01T03:00:00Z' }),
  }),
});

/** A schedule: one of its forms, and nothing beside it. */
export const Schedule = z
  .union([
    Immediate,
    z.strictObject({
      interval: z.strictObject({ minutes: z.int().min(1).max(MAX_INTERVAL_MINUTES) }),
    }),
    z.strictObject({ daily: z.strictObject({ time: TimeOfDay }) }),
    z.strictObject({
      weekly: z.strictObject({
        days: z.array(z.enum(WEEKDAYS)).min(1).max(7).readonly(),
        time: TimeOfDay,
      }),
    }),
    ExactlyOnce,
  ])
  .openapi('Schedule');

/** What is done once. */
export const Once = z.union([Immediate, ExactlyOnce]).openapi('ScheduleOnce');
/** A schedule; null: off. */
export const ScheduleOrOff = Schedule.nullable();

import type { StateReader } from '../database/schema.ts';
import { parseSchedule, type Schedule } from '../stores/schedule.ts';
import type { AlertKind } from './alert.ts';

/** Kinds that are sent when a schedule says so; a denied request is told of at once. */
export const SCHEDULED_KINDS = ['expiration', 'pending', 'issued'] as const satisfies AlertKind[];
export type ScheduledKind = (typeof SCHEDULED_KINDS)[number];

/** When alerts are looked for, or sent, until somebody says otherwise. */
const DEFAULT_SCHEDULES: Readonly<Record<ScheduledKind, Schedule>> = {
  expiration: { daily: { time: '06:00' } },
  pending: { interval: { minutes: 10 } },
  issued: { immediate: true },
};

/** When alerts of a kind are sent; null: never. */
export async function readSchedule(db: StateReader, kind: ScheduledKind): Promise<Schedule | null> {
  const row = await db
    .selectFrom('alert_schedules')
    .select('schedule')
    .where('kind', '=', kind)
    .executeTakeFirst();
  return row === undefined ? DEFAULT_SCHEDULES[kind] : parseSchedule(row.schedule);
}

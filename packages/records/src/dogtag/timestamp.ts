/**
 * The timestamp of a line: Java's `dd/MMM/yyyy:HH:mm:ss z` in the server's locale and zone, whole
 * seconds; or `yyyy-MM-dd HH:mm:ss` of the old TPS, which names no zone.
 */
import { parseMonth } from './months.ts';
import { zoneOffset } from './zones.ts';
import type { StatedZone } from './zones.ts';

/** When a line says it was written. */
export interface LineTime {
  /** RFC 3339, UTC, milliseconds; absent when the timestamp cannot be read at all. */
  readonly time?: string;
  /** What had to be assumed to read it. */
  readonly note?: string;
}

const JAVA = /^(\d{1,2})\/([^/:\s]{1,16})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) (.{1,64})$/u;
const TPS = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** Returns the time of a timestamp without its brackets. Never throws: bounded input, flagged output. */
export function parseTimestamp(stamp: string, stated?: StatedZone): LineTime {
  const java = stamp.length <= 128 ? JAVA.exec(stamp) : null;
  if (java !== null) {
    const month = parseMonth(java[2]!);
    if (month === undefined) return { note: `month "${java[2]}" is not known` };
    const local = localTime(Number(java[3]), month, Number(java[1]), java, 4);
    return local === undefined ? unreadable(stamp) : inZone(local, java[7]!, stated);
  }
  const tps = TPS.exec(stamp);
  if (tps === null) return unreadable(stamp);
  const local = localTime(Number(tps[1]), Number(tps[2]), Number(tps[3]), tps, 4);
  if (local === undefined) return unreadable(stamp);
  if (stated === undefined) {
    return {
      time: new Date(local).toISOString(),
      note: 'the timestamp names no zone, read as UTC',
    };
  }
  return { time: new Date(local - stated.offsetAt(local) * 60_000).toISOString() };
}

/** Returns a time as the logger writes it on a server set to English and UTC. */
export function formatTimestamp(time: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${day}:${clock} UTC`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function inZone(local: number, zone: string, stated?: StatedZone): LineTime {
  const { minutes, note } = zoneOffset(zone, local, stated);
  const time = new Date(local - minutes * 60_000).toISOString();
  return note === undefined ? { time } : { time, note };
}

/** The fields as if they were UTC, in ms; `undefined` for a day or time that does not exist. */
function localTime(
  year: number,
  month: number,
  day: number,
  match: RegExpExecArray,
  hourGroup: number,
): number | undefined {
  const [hour, minute, second] = [0, 1, 2].map((i) => Number(match[hourGroup + i]));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const exists =
    year >= 1900 && date.getUTCDate() === day && hour! < 24 && minute! < 60 && second! <= 60;
  return exists ? ms : undefined;
}

function unreadable(stamp: string): LineTime {
  return { note: `timestamp "${stamp.slice(0, 64)}" cannot be read` };
}

/** Times are shown in UTC or in the zone of the machine; the other is shown on hover. */
export type Zone = 'utc' | 'local';

interface Parts {
  readonly date: string;
  readonly time: string;
  readonly millis: string;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

function parts(date: Date, zone: Zone): Parts {
  const local = zone === 'local';
  const year = local ? date.getFullYear() : date.getUTCFullYear();
  const month = (local ? date.getMonth() : date.getUTCMonth()) + 1;
  const day = local ? date.getDate() : date.getUTCDate();
  const hours = local ? date.getHours() : date.getUTCHours();
  const minutes = local ? date.getMinutes() : date.getUTCMinutes();
  const seconds = local ? date.getSeconds() : date.getUTCSeconds();
  return {
    date: `${pad(year, 4)}-${pad(month)}-${pad(day)}`,
    time: `${pad(hours)}:${pad(minutes)}:${pad(seconds)}`,
    millis: pad(date.getMilliseconds(), 3),
  };
}

/** "+05:30", "−03:00", or "Z" for UTC. */
export function zoneOffset(date: Date, zone: Zone): string {
  if (zone === 'utc') return 'Z';
  const minutes = -date.getTimezoneOffset();
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
}

/** "2026-11-22 05:00:00.000"; a value that is no time is returned as it is. */
export function formatTime(iso: string, zone: Zone): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const p = parts(date, zone);
  return `${p.date} ${p.time}.${p.millis}`;
}

/** The same with its offset: "2026-11-22 05:00:00.000 Z". */
export function formatTimeWithZone(iso: string, zone: Zone): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${formatTime(iso, zone)} ${zoneOffset(date, zone)}`;
}

/** For axes: only as much as the span needs, and enough that neighbours `stepMs` apart differ. */
export function formatShort(iso: string, zone: Zone, spanMs: number, stepMs: number): string {
  const date = new Date(iso);
  const p = parts(date, zone);
  if (spanMs > 300 * 86_400_000) return p.date;
  if (stepMs >= 86_400_000) return p.date.slice(5);
  if (spanMs > 86_400_000) return `${p.date.slice(5)} ${p.time.slice(0, 5)}`;
  if (spanMs > 10 * 60_000) return p.time.slice(0, 5);
  return p.time;
}

const SPANS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** "3 minutes ago", "in 2 hours", "just now". */
export function formatRelative(iso: string, now: Date): string {
  const difference = new Date(iso).getTime() - now.getTime();
  const absolute = Math.abs(difference);
  for (const [unit, size] of SPANS) {
    if (absolute < size) continue;
    const count = Math.floor(absolute / size);
    const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
    return difference < 0 ? `${words} ago` : `in ${words}`;
  }
  return 'just now';
}

/** A length of time in its two largest units: "1 h 4 min", "12 s", "340 ms". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  const units: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** For `<input type="datetime-local" step="1">`. */
export function toInputValue(iso: string, zone: Zone): string {
  const p = parts(new Date(iso), zone);
  return `${p.date}T${p.time}`;
}

/** The reverse; null when the input is empty or no time. */
export function fromInputValue(value: string, zone: Zone): string | null {
  if (value === '') return null;
  const date = new Date(zone === 'utc' ? `${value}Z` : value);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** Dates as a query may write them. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const AMERICAN_DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[tT ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([zZ]|[+-]\d{2}:\d{2})?$/;
const TODAY = /^%\s*today\s*(?:([+-])\s*(\d{1,6})\s*)?%$/i;

export const DAY_MS = 86_400_000;
/** Days `%TODAY%` may be moved by. */
export const MAX_DAYS = 999_999;

export type DateValue =
  | { readonly type: 'day'; readonly date: string }
  | { readonly type: 'instant'; readonly time: string }
  | { readonly type: 'today'; readonly days: number };

/**
 * Reads `2024-05-01`, `5/1/2024` (month first), RFC 3339 (seconds and zone may be left out: UTC),
 * `%TODAY%`, `%TODAY-7%`. Undefined for anything else and for dates that do not exist.
 */
export function parseDate(text: string): DateValue | undefined {
  const given = text.trim();
  const relative = TODAY.exec(given);
  if (relative !== null) {
    const days = Number(relative[2] ?? 0);
    return { type: 'today', days: relative[1] === '-' && days > 0 ? -days : days };
  }
  const american = AMERICAN_DAY.exec(given);
  const iso =
    american === null
      ? given
      : `${american[3]}-${american[1]!.padStart(2, '0')}-${american[2]!.padStart(2, '0')}`;
  if (DAY.test(iso)) return isDay(iso) ? { type: 'day', date: iso } : undefined;
  const instant = INSTANT.exec(given);
  if (instant === null || !isDay(instant[1]!)) return undefined;
  const [, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = instant;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone.length === 6 && (Number(zone.slice(1, 3)) > 23 || Number(zone.slice(4)) > 59))
    return undefined;
  const ms = Date.parse(
    `${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`,
  );
  return isRepresentable(ms) ? { type: 'instant', time: new Date(ms).toISOString() } : undefined;
}

/** Writes a date so that `parseDate` reads the same. */
export function formatDate(value: DateValue): string {
  switch (value.type) {
    case 'day':
      return value.date;
    case 'instant':
      return value.time;
    case 'today':
      return value.days === 0 ? '%TODAY%' : `%TODAY${value.days > 0 ? '+' : ''}${value.days}%`;
  }
}

function isDay(iso: string): boolean {
  const ms = Date.parse(`${iso}T00:00:00.000Z`);
  return isRepresentable(ms) && new Date(ms).toISOString().startsWith(iso);
}

/** Years 0000 to 9999: what RFC 3339 can write. */
function isRepresentable(ms: number): boolean {
  return ms >= -62_167_219_200_000 && ms <= 253_402_300_799_999;
}

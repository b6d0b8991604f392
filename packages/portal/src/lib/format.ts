const integers = new Intl.NumberFormat('en-US');
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** 12481 → "12,481". */
export function formatCount(value: number): string {
  return integers.format(value);
}

/** A count that may be an estimate: "12,481", or "≈ 3.2 M" where it was not counted to the end. */
export function formatEstimate(value: number, exact: boolean): string {
  if (exact) return formatCount(value);
  if (value >= 1_000_000) return `≈ ${tenths.format(value / 1_000_000)} M`;
  if (value >= 10_000) return `≈ ${tenths.format(value / 1000)} k`;
  return `≈ ${formatCount(value)}`;
}

/** 1 → "1 record", 2 → "2 records". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in binary units: 1536 → "1.5 KiB". */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(value) : tenths.format(value)} ${UNITS[unit]}`;
}

/** Groups of four, for serial numbers, fingerprints and hashes: "a1b2 c3d4 …". Nothing is cut. */
export function groupsOfFour(value: string): string[] {
  const bare = value.replaceAll(/[\s:]/g, '');
  return bare.match(/.{1,4}/g) ?? [];
}

const CAPITALS = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

/** "AuthorizationFailure" → "Authorization Failure". */
export function splitCapitals(name: string): string {
  return name.split(CAPITALS).join(' ');
}

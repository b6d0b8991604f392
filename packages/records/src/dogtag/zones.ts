/**
 * Time zones as Java's `z` writes them. Only `UTC` and `GMT±hh:mm` are certain; the short names
 * are used for several zones around the world, so the user may say which zone the server was in.
 */

/** Minutes east of UTC. */
const OFFSETS: ReadonlyMap<string, number> = new Map([
  ...names(0, 'UTC GMT UT Z UCT WET'),
  ...names(60, 'CET MEZ WEST WAT'),
  ...names(120, 'CEST MESZ EET OEZ SAST CAT'),
  ...names(180, 'EEST OESZ MSK EAT TRT IDT'),
  ...names(270, 'IRDT'),
  ...names(300, 'PKT UZT YEKT'),
  ...names(345, 'NPT'),
  ...names(420, 'ICT WIB'),
  ...names(480, 'HKT SGT MYT AWST'),
  ...names(540, 'JST KST WIT'),
  ...names(570, 'ACST'),
  ...names(600, 'AEST'),
  ...names(630, 'ACDT'),
  ...names(660, 'AEDT'),
  ...names(720, 'NZST'),
  ...names(780, 'NZDT'),
  ...names(-150, 'NDT'),
  ...names(-180, 'ART UYT'),
  ...names(-210, 'NST'),
  ...names(-240, 'EDT HAE AST'),
  ...names(-300, 'EST HNE COT PET CDT HAC'),
  ...names(-360, 'MDT HAR CST HNC'),
  ...names(-420, 'MST HNR PDT HAP'),
  ...names(-480, 'PST HNP AKDT'),
  ...names(-540, 'AKST'),
  ...names(-600, 'HST'),
]);

/** Names that stand for zones hours apart; without a stated zone they are read as the first. */
const AMBIGUOUS: ReadonlyMap<string, { readonly offset: number; readonly zones: string }> = new Map(
  [
    ['IST', { offset: 330, zones: 'India, Ireland or Israel' }],
    ['BST', { offset: 60, zones: 'Britain or Bangladesh' }],
    ['CST', { offset: -360, zones: 'North America, China or Cuba' }],
    ['CDT', { offset: -300, zones: 'North America or Cuba' }],
    ['AST', { offset: -240, zones: 'the Atlantic or Arabia' }],
    ['GST', { offset: 240, zones: 'the Gulf or South Georgia' }],
    ['BRT', { offset: -180, zones: 'Brazil or Brunei' }],
    ['PST', { offset: -480, zones: 'North America or the Philippines' }],
    ['ADT', { offset: -180, zones: 'the Atlantic or Arabia' }],
    ['AMT', { offset: -240, zones: 'the Amazon or Armenia' }],
    ['SST', { offset: -660, zones: 'Samoa or Singapore' }],
    ['EST', { offset: -300, zones: 'North America or Australia' }],
  ] as const,
);

/** A zone's offset; `note` says what was assumed when the name alone does not settle it. */
export interface ZoneOffset {
  readonly minutes: number;
  readonly note?: string;
}

/** A zone the user stated: the offset in minutes for a local time (as if it were UTC, in ms). */
export type StatedZone = { readonly name: string; offsetAt(localMs: number): number };

/** Returns the offset of a zone name in a timestamp, by the name, else by the stated zone, else UTC. */
export function zoneOffset(name: string, localMs: number, stated?: StatedZone): ZoneOffset {
  const fixed = parseFixedOffset(name);
  if (fixed !== undefined) return { minutes: fixed };
  const key = name.toUpperCase();
  const ambiguous = AMBIGUOUS.get(key);
  const known = OFFSETS.get(key);
  if (ambiguous === undefined && known !== undefined) return { minutes: known };
  if (stated !== undefined) {
    const minutes = stated.offsetAt(localMs);
    if (ambiguous !== undefined) return { minutes };
    return { minutes, note: `zone ${name} is not known, read as ${stated.name}` };
  }
  if (ambiguous !== undefined) {
    const assumed = formatOffset(ambiguous.offset);
    return {
      minutes: ambiguous.offset,
      note: `zone ${name} may be ${ambiguous.zones}, read as ${assumed}`,
    };
  }
  return { minutes: 0, note: `zone ${name} is not known, read as UTC` };
}

/**
 * Returns the zone a user states: an offset (`+02:00`, `UTC`) or an IANA name (`Europe/Berlin`).
 * @throws RangeError when it is neither
 */
export function parseStatedZone(name: string): StatedZone {
  const fixed = parseFixedOffset(name);
  if (fixed !== undefined) return { name, offsetAt: () => fixed };
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    throw new RangeError(
      `zone: expected an offset such as +02:00 or a name such as Europe/Berlin, got "${name}"`,
    );
  }
  const offsetOf = (utcMs: number): number => {
    const part = format.formatToParts(utcMs).find((p) => p.type === 'timeZoneName');
    return parseFixedOffset(part?.value ?? 'UTC') ?? 0;
  };
  // The offset at the local time taken as UTC is right except within hours of a change: ask again.
  return { name, offsetAt: (local) => offsetOf(local - offsetOf(local) * 60_000) };
}

/** Returns the minutes of `UTC`, `GMT`, `Z`, `GMT+02:00`, `UTC+2`, `+0200`; `undefined` otherwise. */
function parseFixedOffset(name: string): number | undefined {
  if (/^(?:UTC|GMT|UT|Z)$/i.test(name)) return 0;
  const match = /^(?:GMT|UTC|UT)?([+\-\u2212])(\d{1,2})(?::?(\d{2}))?(?::\d{2})?$/i.exec(name);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  if (minutes > 18 * 60) return undefined;
  return match[1] === '+' ? minutes : -minutes;
}

function formatOffset(minutes: number): string {
  const magnitude = Math.abs(minutes);
  const hours = String(Math.trunc(magnitude / 60)).padStart(2, '0');
  return `UTC${minutes < 0 ? '-' : '+'}${hours}:${String(magnitude % 60).padStart(2, '0')}`;
}

function names(minutes: number, list: string): [string, number][] {
  return list.split(' ').map((name) => [name, minutes]);
}

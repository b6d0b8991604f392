/** The file that is written to. */
export const CURRENT_FILE = 'ca_audit';

const ROTATED = new RegExp(`^${CURRENT_FILE}\\.(\\d{14})$`);

/** Whether a name is one of a signed audit file. */
export function isAuditFile(name: string): boolean {
  return name === CURRENT_FILE || ROTATED.test(name);
}

/** Oldest first, the current one last: the times in the names only grow. */
export function sortAuditFiles(names: readonly string[]): string[] {
  const rotated = names.filter((name) => ROTATED.test(name)).sort();
  return names.includes(CURRENT_FILE) ? [...rotated, CURRENT_FILE] : rotated;
}

/**
 * The name under which the current file is set aside at a time: `ca_audit.yyyyMMddHHmmss`, UTC, and always later than
 * every name there is, so that the order of names is that of the files.
 */
export function nextRotatedName(taken: readonly string[], now: Date): string {
  const newest = sortAuditFiles(taken.filter((name) => name !== CURRENT_FILE)).at(-1);
  const wanted = nameAt(now);
  return newest === undefined || newest < wanted ? wanted : nameAfter(newest);
}

/** The name one second later. Throws when there is none: somebody has made a file of the last second of time. */
export function nameAfter(name: string): string {
  const digits = ROTATED.exec(name)?.[1] ?? '';
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? [];
  const time = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second) + 1,
  );
  const next = nameAt(new Date(time));
  if (ROTATED.test(next) && next > name) return next;
  throw new Error(`there is no name for a further file after ${name}`);
}

function nameAt(time: Date): string {
  return `${CURRENT_FILE}.${time.toISOString().replaceAll(/\D/g, '').slice(0, 14)}`;
}

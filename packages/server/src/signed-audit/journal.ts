/**
 * What is about to be done to the current file, written down before it is done. The file is only ever appended to; so
 * what is missing of `pending` behind `size` can be completed at any time, and nothing is written twice.
 */
export interface Journal {
  readonly v: 1;
  /** The record of the log whose line comes next when `pending` is in the file. */
  readonly next: number;
  /** Bytes of the current file without `pending`. */
  readonly size: number;
  /** Whole lines, the last a signature, each with its line feed; may be empty. */
  readonly pending: string;
  /** The newest signature line when `pending` is in the file, without its line feed. */
  readonly signature: string;
  /** Lines of records in the current file when `pending` is in it. */
  readonly records: number;
  /** When the current file was begun: RFC 3339. */
  readonly begun: string;
  /** The file that is set aside before `pending` begins a new one; null: none. */
  readonly aside: { readonly name: string; readonly inode: string } | null;
  /** Where things stood without `pending`. */
  readonly before: { readonly next: number; readonly signature: string | null };
}

/** The journal as the text of its file. */
export function formatJournal(journal: Journal): string {
  return `${JSON.stringify(journal)}\n`;
}

/** Reads a journal; null when the text is none. */
export function parseJournal(text: string): Journal | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isJournal(value) ? value : null;
}

function isJournal(value: unknown): value is Journal {
  if (typeof value !== 'object' || value === null) return false;
  const { v, next, size, pending, signature, records, begun, aside, before } = value as Partial<
    Record<keyof Journal, unknown>
  >;
  return (
    v === 1 &&
    [next, size, records].every((n) => Number.isSafeInteger(n) && (n as number) >= 0) &&
    [pending, signature].every((text) => typeof text === 'string') &&
    typeof begun === 'string' &&
    !Number.isNaN(Date.parse(begun)) &&
    (aside === null || hasStrings(aside, ['name', 'inode'])) &&
    typeof before === 'object' &&
    before !== null &&
    'next' in before &&
    Number.isSafeInteger(before.next) &&
    'signature' in before &&
    (before.signature === null || typeof before.signature === 'string')
  );
}

function hasStrings(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}

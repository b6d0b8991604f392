import { fold } from '@countersign/records';

/** What is compared is indexed, and PostgreSQL's indexes take 2,704 bytes: room for the other columns, too. */
const MAX_BYTES = 2_000;

/** A value as searches compare it: folded, and of a long one its beginning. */
export function searchable(value: string): string {
  return cut(fold(value));
}

/** The beginning of a folded text, as far as it is compared. */
export function cut(folded: string): string {
  if (folded.length * 3 <= MAX_BYTES) return folded;
  const bytes = Buffer.from(folded);
  if (bytes.length <= MAX_BYTES) return folded;
  // A letter that is cut through is left out.
  return new TextDecoder().decode(bytes.subarray(0, MAX_BYTES), { stream: true });
}

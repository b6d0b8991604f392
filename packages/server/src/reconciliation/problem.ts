/** What can be wrong between the state and the log. Stable. */
export type ProblemKind =
  /** There is a row, and no record says how it came. */
  | 'certificate_unrecorded'
  | 'crl_unrecorded'
  | 'revocation_unrecorded'
  /** A record says that there is one, and there is no row. */
  | 'certificate_missing'
  | 'crl_missing'
  | 'revocation_missing'
  /** The row is not as the last record has it. */
  | 'certificate_changed'
  | 'crl_changed'
  | 'revocation_changed'
  /** The bytes that are kept are not those of the certificate or the list. */
  | 'certificate_content'
  | 'crl_content'
  /** Records do not follow from one another: one is told twice, or begins with what was not. */
  | 'record_contradiction';

/** One difference between the state and the log. */
export interface ReconciliationProblem {
  readonly kind: ProblemKind;
  /** What it is about: `certificate <SHA-256>`, `crl <authority> <number>`, `revocation <authority> <serial>`. */
  readonly object: string;
  readonly message: string;
  /** The record that says otherwise. */
  readonly index?: number;
}

/** Takes problems up as they are found. */
export type Report = (problem: ReconciliationProblem) => void;

/** How records are called in messages; those on their way have no number yet. */
export function recordName(index: number | null): string {
  return index === null ? 'a record on its way' : `record ${index}`;
}

/** A problem with the record it is about, if that has a number. */
export function withIndex(
  problem: Omit<ReconciliationProblem, 'index'>,
  index: number | null,
): ReconciliationProblem {
  return index === null ? problem : { ...problem, index };
}

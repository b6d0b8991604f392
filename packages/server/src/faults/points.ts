/**
 * Where a change is cut off: after its statements, before the commit; while the commit is written; after it; after its
 * record has come into the log, before anybody is answered.
 */
export const POINTS = ['written', 'torn', 'committed', 'appended'] as const;
export type Point = (typeof POINTS)[number];

/** What is there when a server has come up again. */
export interface Seen {
  readonly certificates: readonly {
    readonly id: number;
    readonly subject: string;
    readonly fingerprint: string;
    readonly state: string;
  }[];
  /** Fingerprints of what is on the authorities' lists. */
  readonly onLists: readonly string[];
  /** Fingerprints in records of certificates issued, and revoked. */
  readonly issued: readonly string[];
  readonly revoked: readonly string[];
  /** What the reconciliation finds. */
  readonly problems: readonly string[];
}

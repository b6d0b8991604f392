/** What a verification says. */

/**
 * `tampered`: something is not as it was signed or as it follows from what was signed. `truncated`: records are missing
 * at an end. `gap`: a producer's number is missing. `erased`: a content is gone and a record says why; no fault.
 * `unerased`: a record says that a content is gone, and it is still there. `unsigned`: written behind the checkpoint by a writer that was stopped; no fault, and proved by nothing so far.
 * `unverifiable`: could not be checked, for a reason other than being wrong. `index`: the search index disagrees.
 */
export type ProblemKind =
  | 'tampered'
  | 'truncated'
  | 'erased'
  | 'unerased'
  | 'unsigned'
  | 'unverifiable'
  | 'gap'
  | 'index';

export interface Problem {
  readonly kind: ProblemKind;
  /** Path relative to the log's folder. */
  readonly file?: string;
  /** Byte in `file`. */
  readonly offset?: number;
  /** Record concerned. */
  readonly index?: number;
  readonly message: string;
}

export type AxisVerdict = 'verified' | 'failed' | 'partial' | 'unverifiable';

export interface Axis {
  readonly verdict: AxisVerdict;
  /** One sentence for people. */
  readonly summary: string;
  readonly evidence: readonly string[];
}

export interface Verdict {
  /** True when nothing is wrong with what could be checked, and all of the log could be. */
  readonly ok: boolean;
  /** Records the checkpoint covers. */
  readonly size: number;
  /** First line of the checkpoint; empty when it could not be read. */
  readonly origin: string;
  readonly axes: {
    /** Is every record what it was when it was signed? */
    readonly integrity: Axis;
    /** Are all records there? */
    readonly completeness: Axis;
    /** Is it known when they were written? */
    readonly time: Axis;
    /** Does anybody but the log's operator vouch for it? */
    readonly independence: Axis;
  };
  /** In the order found, at most MAX_PROBLEMS. */
  readonly problems: readonly Problem[];
  /** All problems, those not listed included. */
  readonly problemCount: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  /** Threads that checked records: recordsPerSecond / workers is the rate of a core. */
  readonly workers: number;
}

export const MAX_PROBLEMS = 1000;

/** Collects problems and the kinds seen, and keeps memory bounded. */
export class Problems {
  readonly list: Problem[] = [];
  readonly #counts = new Map<ProblemKind, number>();

  add(...problems: readonly Problem[]): void {
    for (const problem of problems) {
      this.#counts.set(problem.kind, this.count(problem.kind) + 1);
      if (this.list.length < MAX_PROBLEMS) this.list.push(problem);
    }
  }

  /** Counts problems that were found and not kept. */
  addUnlisted(kind: ProblemKind, count: number): void {
    if (count > 0) this.#counts.set(kind, this.count(kind) + count);
  }

  count(...kinds: readonly ProblemKind[]): number {
    return kinds.reduce((sum, kind) => sum + (this.#counts.get(kind) ?? 0), 0);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}

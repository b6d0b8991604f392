import { keyChanged, outsideValidity } from './findings.ts';
import type { ProblemList } from './problem-list.ts';
import type { SignatureKey } from './report.ts';
import { parseTimestamp } from './timestamp.ts';
import type { StatedZone } from './zones.ts';

/** Counts which keys sign in a file, and tells of changes and of signatures outside a validity. */
export class KeyUse {
  readonly #keys: readonly SignatureKey[];
  readonly #zone: StatedZone | undefined;
  readonly #problems: ProblemList;
  readonly #outside = new Set<number>();
  #last: number | undefined;
  readonly counts: number[];
  /** The first valid signature: its key and line. */
  first: { readonly key: number; readonly line: number } | undefined;

  constructor(keys: readonly SignatureKey[], zone: StatedZone | undefined, problems: ProblemList) {
    this.#keys = keys;
    this.#zone = zone;
    this.#problems = problems;
    this.counts = keys.map(() => 0);
  }

  /** Counts a valid signature. */
  add(key: number, stamp: string | undefined, line: number): void {
    const used = this.#keys[key]!;
    this.first ??= { key, line };
    this.counts[key] = (this.counts[key] ?? 0) + 1;
    const before = this.#last === undefined ? undefined : this.#keys[this.#last]!;
    this.#last = key;
    if (before !== undefined && !sameCertificate(before, used)) {
      this.#problems.add(keyChanged(line, before, used));
    }
    // The first signature outside the validity says it for all.
    if (stamp === undefined || this.#outside.has(key)) return;
    const time = parseTimestamp(stamp, this.#zone).time;
    const outside = time === undefined ? undefined : outsideValidity(line, time, used);
    if (outside === undefined) return;
    this.#outside.add(key);
    this.#problems.add(outside);
  }
}

/** Whether two keys are of one certificate. */
export function sameCertificate(a: SignatureKey, b: SignatureKey): boolean {
  return (a.certificate ?? a.name) === (b.certificate ?? b.name);
}

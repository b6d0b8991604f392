import { MAX_LISTED } from './file-scan.ts';
import { omitted } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Problem, ProblemKind } from './report.ts';

/** The findings of one file, in the order they were made; bounded, and saying how many are left out. */
export class ProblemList {
  readonly #file: string;
  readonly #problems: Problem[] = [];
  #omitted = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(finding: Finding): void {
    if (this.#problems.length < MAX_LISTED) this.#problems.push({ ...finding, file: this.#file });
    else this.#omitted += 1;
  }

  has(kind: ProblemKind): boolean {
    return this.#problems.some((problem) => problem.kind === kind);
  }

  list(): Problem[] {
    if (this.#omitted === 0) return this.#problems;
    return [...this.#problems, { ...omitted(this.#omitted), file: this.#file }];
  }
}

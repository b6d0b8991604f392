import type { OwnLine } from './own-lines.ts';

/** Lines of the log that wait to be signed and written, in order. */
export class HeldLines {
  #lines: OwnLine[] = [];
  #chars = 0;
  #since = 0;

  get count(): number {
    return this.#lines.length;
  }

  /** Characters, each line feed counted, as Dogtag counts its buffer. */
  get chars(): number {
    return this.#chars;
  }

  /** How long the first of them has waited, in milliseconds; 0 when there is none. */
  get waited(): number {
    return this.#lines.length === 0 ? 0 : performance.now() - this.#since;
  }

  add(line: OwnLine): void {
    if (this.#lines.length === 0) this.#since = performance.now();
    this.#lines.push(line);
    this.#chars += line.line.length + 1;
  }

  /** The first lines, as many as it takes to reach so many characters, and one at least. */
  first(chars: number): OwnLine[] {
    let taken = 0;
    let count = 0;
    while (count < this.#lines.length && (count === 0 || taken < chars)) {
      taken += (this.#lines[count]?.line.length ?? 0) + 1;
      count += 1;
    }
    return this.#lines.slice(0, count);
  }

  /** Lets go of the first lines. */
  drop(count: number): void {
    for (const { line } of this.#lines.splice(0, count)) this.#chars -= line.length + 1;
  }

  clear(): void {
    this.drop(this.#lines.length);
  }
}

/** Remembers what was made of texts that come again and again. */

const MOST = 10_000;

export class Memo<T> {
  readonly #make: (text: string) => T;
  readonly #made = new Map<string, T>();

  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  of(text: string): T {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    // When there are too many, those still in use are soon back.
    if (this.#made.size >= MOST) this.#made.clear();
    const made = this.#make(text);
    this.#made.set(copyOf(text), made);
    return made;
  }
}

/** A piece of a text keeps the whole text in memory; its copy does not. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

/** A clock that stands still until it is told to move. */
export class TestClock {
  #now = Date.parse('2026-11-22T05:00:00.000Z');
  readonly read = (): Date => new Date(this.#now);
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

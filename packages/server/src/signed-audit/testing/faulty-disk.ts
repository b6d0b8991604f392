import { open } from 'node:fs/promises';
import { DISK, type Disk } from '../disk.ts';

/** Where a process is killed: before a step, in the middle of it, or right behind it. */
export interface Crash {
  /** The number of the step, from 1. */
  readonly step: number;
  readonly when: 'before' | 'during' | 'after';
}

/**
 * The machine's file system for a process that is killed at one step: a file is then partly written, or a replacement
 * lies beside what it was to replace. Nothing works for it any more after that.
 */
export class FaultyDisk implements Disk {
  readonly #crash: Crash;
  steps = 0;
  crashed = false;
  /** The steps that were taken, by name. */
  readonly taken: string[] = [];

  constructor(crash: Crash) {
    this.#crash = crash;
  }

  makeFolder = this.#step('makeFolder', DISK.makeFolder);
  list = this.#step('list', DISK.list);
  stat = this.#step('stat', DISK.stat);
  readText = this.#step('readText', DISK.readText);
  readAt = this.#step('readAt', DISK.readAt);
  sync = this.#step('sync', DISK.sync);
  link = this.#step('link', DISK.link);
  unlink = this.#step('unlink', DISK.unlink);
  syncFolder = this.#step('syncFolder', DISK.syncFolder);
  create = this.#step('create', DISK.create, async (path, bytes) => {
    await writePart(path, 'ax', bytes, this.#crash.step);
  });
  append = this.#step('append', DISK.append, async (path, bytes) => {
    await writePart(path, 'a', bytes, this.#crash.step);
  });
  replace = this.#step('replace', DISK.replace, async (path, text) => {
    await writePart(`${path}.new`, 'w', new TextEncoder().encode(text), this.#crash.step);
  });

  #step<A extends unknown[], R>(
    name: string,
    work: (...given: A) => Promise<R>,
    half?: (...given: A) => Promise<void>,
  ): (...given: A) => Promise<R> {
    return async (...given) => {
      if (this.crashed) throw new Error('the process was killed');
      this.steps += 1;
      this.taken.push(name);
      const isHere = this.steps === this.#crash.step;
      if (isHere && this.#crash.when === 'during') await half?.(...given);
      if (isHere && this.#crash.when !== 'after') this.#die();
      const result = await work(...given);
      if (isHere) this.#die();
      return result;
    };
  }

  #die(): never {
    this.crashed = true;
    throw new Error('the process was killed');
  }
}

/** Writes some of the bytes: how many, the seed says. */
async function writePart(
  path: string,
  flags: string,
  bytes: Uint8Array,
  seed: number,
): Promise<void> {
  const file = await open(path, flags, 0o640);
  await file.writeFile(bytes.subarray(0, (seed * 7_919) % (bytes.length + 1)));
  await file.close();
}

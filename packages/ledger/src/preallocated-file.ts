import { checkSpace, type Disk } from './disk.ts';

/**
 * A file that is written from front to back into space filled with zeros beforehand: overwriting
 * is twice as fast to sync as growing, and a full disk shows before anything is written.
 */
export class PreallocatedFile {
  readonly path: string;
  readonly #disk: Disk;
  readonly #fd: number;
  readonly #chunk: number;
  /** Where the next byte goes. */
  #position: number;
  /** Bytes of the file that exist durably, zero from `#position` on. */
  #allocated: number;
  #growing: Promise<void> | null = null;
  #closed = false;

  /** Takes over `fd`. The bytes from `position` to the end of the file must be zero and durable. */
  constructor(disk: Disk, fd: number, path: string, chunk: number, position: number) {
    this.#disk = disk;
    this.#fd = fd;
    this.path = path;
    this.#chunk = chunk;
    this.#position = position;
    this.#allocated = disk.size(fd);
  }

  get position(): number {
    return this.#position;
  }

  get allocated(): number {
    return this.#allocated;
  }

  /** Resolves when `bytes` more can be written. Rejects when the disk is full: nothing was written then. */
  async reserve(bytes: number): Promise<void> {
    while (this.#allocated - this.#position < bytes) {
      await this.#grow(bytes - (this.#allocated - this.#position));
    }
  }

  has(bytes: number): boolean {
    return this.#allocated - this.#position >= bytes;
  }

  /** Writes reserved bytes to the page cache and starts preallocating ahead when room gets scarce. */
  write(bytes: Uint8Array): void {
    if (!this.has(bytes.length)) throw new Error('bad math in PreallocatedFile.write');
    this.#disk.write(this.#fd, bytes, this.#position);
    this.#position += bytes.length;
  }

  /** Preallocates in the background. A failure shows at the next `reserve` that needs the room. */
  growAhead(): void {
    if (this.#growing === null && !this.has(this.#chunk / 2)) {
      this.#grow(this.#chunk).catch(() => undefined);
    }
  }

  datasync(): Promise<void> {
    return this.#disk.datasync(this.#fd);
  }

  /** False when somebody removed the file: what is written now would vanish with this process. */
  isLinked(): boolean {
    return this.#disk.links(this.#fd) > 0;
  }

  /** Cuts off what was preallocated and not used. */
  async trim(): Promise<void> {
    await this.#growing?.catch(() => undefined);
    this.#disk.truncate(this.#fd, this.#position);
    this.#allocated = this.#position;
    await this.datasync();
  }

  /** Closes the file when no write to it is on its way any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#growing?.catch(() => undefined);
    this.#disk.close(this.#fd);
  }

  #grow(bytes: number): Promise<void> {
    this.#growing ??= this.#fill(bytes).finally(() => {
      this.#growing = null;
    });
    return this.#growing;
  }

  async #fill(bytes: number): Promise<void> {
    const target = this.#allocated + Math.ceil(bytes / this.#chunk) * this.#chunk;
    checkSpace(this.#disk, this.path, target - this.#allocated);
    const zeros = new Uint8Array(Math.min(this.#chunk, 1 << 20));
    for (let at = this.#allocated; at < target; at += zeros.length) {
      const part = zeros.subarray(0, Math.min(zeros.length, target - at));
      await this.#disk.writeLater(this.#fd, part, at);
    }
    // The new size is durable before a record is written into it: a crash never finds the file shorter.
    await this.#disk.datasync(this.#fd);
    this.#allocated = target;
  }
}

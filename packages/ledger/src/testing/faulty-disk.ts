import { nodeDisk, type Disk } from '../disk.ts';

/** The calls that can be made to fail. */
export type FaultyCall =
  | 'open'
  | 'write'
  | 'writeLater'
  | 'datasync'
  | 'rename'
  | 'truncate'
  | 'syncDirectory';

export interface Fault {
  readonly call: FaultyCall;
  /** Part of the path of the file concerned. */
  readonly path: string;
  /** How many such calls go well before. */
  readonly after?: number;
  /** What happens all the same: nothing, all of it, or half of a write. */
  readonly effect: 'none' | 'done' | 'half';
  readonly code: 'EIO' | 'ENOSPC';
}

/** A disk that fails once armed. After a fault that is not ENOSPC, nothing works any more, as on a real one. */
export class FaultyDisk implements Disk {
  readonly #paths = new Map<number, string>();
  #fault: Fault | null = null;
  #left = 0;
  /** What is said to be free; the truth when it is null. */
  freeBytes: number | null = null;
  /** Set when the fault has struck. */
  struck = false;

  arm(fault: Fault | null): void {
    this.#fault = fault;
    this.#left = fault?.after ?? 0;
    this.struck = false;
  }

  open(path: string, options?: { readonly create?: boolean }): number {
    this.#strike('open', path, () => undefined);
    const fd = nodeDisk.open(path, options);
    this.#paths.set(fd, path);
    return fd;
  }

  write(fd: number, bytes: Uint8Array, position: number): void {
    this.#strike('write', this.#path(fd), (part) =>
      nodeDisk.write(fd, bytes.subarray(0, Math.floor(bytes.length * part)), position),
    );
    nodeDisk.write(fd, bytes, position);
  }

  async writeLater(fd: number, bytes: Uint8Array, position: number): Promise<void> {
    this.#strike('writeLater', this.#path(fd), (part) =>
      nodeDisk.write(fd, bytes.subarray(0, Math.floor(bytes.length * part)), position),
    );
    await nodeDisk.writeLater(fd, bytes, position);
  }

  async datasync(fd: number): Promise<void> {
    this.#strike('datasync', this.#path(fd), () => undefined);
    await nodeDisk.datasync(fd);
  }

  truncate(fd: number, size: number): void {
    this.#strike('truncate', this.#path(fd), () => nodeDisk.truncate(fd, size));
    nodeDisk.truncate(fd, size);
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.#strikes('rename', to)) {
      if ((this.#fault as Fault).effect === 'done') await nodeDisk.rename(from, to);
      throw this.#error('rename', to);
    }
    await nodeDisk.rename(from, to);
  }

  async syncDirectory(path: string): Promise<void> {
    this.#strike('syncDirectory', path, () => undefined);
    await nodeDisk.syncDirectory(path);
  }

  // The rest goes well always.
  close = (fd: number) => nodeDisk.close(fd);
  size = (fd: number) => nodeDisk.size(fd);
  links = (fd: number) => nodeDisk.links(fd);
  read = (fd: number, into: Uint8Array, position: number) => nodeDisk.read(fd, into, position);
  unlink = (path: string) => nodeDisk.unlink(path);
  mkdir = (path: string) => nodeDisk.mkdir(path);
  list = (path: string) => nodeDisk.list(path);
  exists = (path: string) => nodeDisk.exists(path);
  free = (path: string) => this.freeBytes ?? nodeDisk.free(path);

  #path(fd: number): string {
    return this.#paths.get(fd) ?? '';
  }

  #strike(call: FaultyCall, path: string, happen: (part: number) => void): void {
    if (!this.#strikes(call, path)) return;
    const { effect } = this.#fault as Fault;
    if (effect !== 'none') happen(effect === 'half' ? 0.5 : 1);
    throw this.#error(call, path);
  }

  #strikes(call: FaultyCall, path: string): boolean {
    const fault = this.#fault;
    if (fault === null || fault.call !== call || !path.includes(fault.path)) return false;
    if (this.#left > 0) {
      this.#left -= 1;
      return false;
    }
    this.struck = true;
    return true;
  }

  #error(call: FaultyCall, path: string): Error {
    const { code } = this.#fault as Fault;
    const text = code === 'ENOSPC' ? 'no space left on device' : 'i/o error';
    return Object.assign(new Error(`${code}: ${text}, ${call} '${path}'`), { code });
  }
}

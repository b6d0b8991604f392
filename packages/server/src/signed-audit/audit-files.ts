import { join } from 'node:path';
import { formatTimestamp, signatureLine } from '@countersign/records';
import { codeOf, type Disk } from './disk.ts';
import { CURRENT_FILE, nameAfter, nextRotatedName, sortAuditFiles } from './file-names.ts';
import { formatJournal, parseJournal, type Journal } from './journal.ts';

/** Signs what was written since the last signature, that one included. */
export type Sign = (data: Uint8Array) => Promise<Uint8Array>;

/** The thread that signature lines name. */
const THREAD = 'signed-audit';

/** Links are not to be had here: the file cannot be set aside without the danger of overwriting another. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/**
 * The signed audit files, as Dogtag's logger leaves them: lines, and signature lines, each over the signature line
 * before it and every line since, each followed by a line feed.
 *
 * Every step is written into the journal first, as the bytes to append. A process that is killed between any two
 * instructions leaves a file that is a beginning of what the journal says, and `open()` completes it: no line is lost,
 * none is there twice, the last one is always a signature. Nothing is ever truncated or overwritten.
 *
 * When a step throws, `open()` must be called before the next one.
 */
export class AuditFiles {
  readonly #folder: string;
  readonly #current: string;
  readonly #journalPath: string;
  readonly #disk: Disk;
  readonly #sign: Sign;
  readonly #clock: () => Date;
  #journal: Journal | null = null;
  #notice: string | null = null;

  constructor(parts: {
    readonly folder: string;
    readonly journalPath: string;
    readonly disk: Disk;
    readonly sign: Sign;
    readonly clock: () => Date;
  }) {
    this.#folder = parts.folder;
    this.#current = join(parts.folder, CURRENT_FILE);
    this.#journalPath = parts.journalPath;
    this.#disk = parts.disk;
    this.#sign = parts.sign;
    this.#clock = parts.clock;
  }

  /** The record of the log whose line comes next. */
  get next(): number {
    return this.#state.next;
  }

  /** Bytes of the current file, up to the end of its last signature. */
  get size(): number {
    return sizeAfter(this.#state);
  }

  /** Lines of records in the current file. */
  get records(): number {
    return this.#state.records;
  }

  /** When the current file was begun. */
  get begun(): Date {
    return new Date(this.#state.begun);
  }

  /** What somebody else has done to the files, the last of it; null: nothing. */
  get notice(): string | null {
    return this.#notice;
  }

  /** Brings the files to where the journal says they are, or begins them. Says whether the current file is new. */
  async open(): Promise<{ readonly isNew: boolean }> {
    await this.#disk.makeFolder(this.#folder);
    const text = await this.#disk.readText(this.#journalPath);
    const journal = text === null ? null : parseJournal(text);
    if (journal !== null) {
      await this.#apply(journal);
      return { isNew: this.#state.begun !== journal.begun };
    }
    if (text !== null) this.#notice = `${this.#journalPath} could not be read`;
    await this.#begin({ next: 0, signature: null });
    return { isNew: true };
  }

  /** Appends lines and a signature over them. `next` is the record that comes behind. */
  async append(lines: readonly string[], next: number): Promise<void> {
    const state = this.#state;
    const text = lines.map((line) => `${line}\n`).join('');
    const signature = await this.#signatureOver(`${state.signature}\n${text}`);
    await this.#commit({
      ...state,
      next,
      size: sizeAfter(state),
      pending: `${text}${signature}\n`,
      signature,
      records: state.records + lines.length,
      aside: null,
      before: { next: state.next, signature: state.signature },
    });
  }

  /** Keeps how far the log was read although no line came of it. */
  async advance(next: number): Promise<void> {
    await this.#commit(unchanged({ ...this.#state, next }));
  }

  /**
   * Sets the current file aside and begins a new one, which signs the end of the old. Returns false, and goes on with
   * the old one, where the file system has no links.
   */
  async rotate(): Promise<boolean> {
    const state = this.#state;
    try {
      await this.#begin({ next: state.next, signature: state.signature });
      return true;
    } catch (error) {
      if (!NO_LINKS.has(codeOf(error) ?? '')) throw error;
      await this.#commit(unchanged(state));
      return false;
    }
  }

  /** The files that are there, oldest first. */
  async names(): Promise<string[]> {
    return sortAuditFiles(await this.#disk.list(this.#folder));
  }

  get #state(): Journal {
    if (this.#journal === null) throw new Error('bad order: the files are not open');
    return this.#journal;
  }

  /** Begins a new file with a signature over the newest signature line, over nothing when there is none. */
  async #begin(before: Journal['before']): Promise<void> {
    const over = before.signature === null ? '' : `${before.signature}\n`;
    const signature = await this.#signatureOver(over);
    const old = await this.#disk.stat(this.#current);
    const name = nextRotatedName(await this.names(), this.#clock());
    await this.#commit({
      v: 1,
      next: before.next,
      size: 0,
      pending: `${signature}\n`,
      signature,
      records: 0,
      begun: this.#clock().toISOString(),
      aside: old === null || old.size === 0 ? null : { name, inode: old.inode },
      before,
    });
  }

  /** The one way in which anything changes: said first, then done. */
  async #commit(journal: Journal): Promise<void> {
    this.#journal = null;
    await this.#disk.replace(this.#journalPath, formatJournal(journal));
    // From here on the step will be completed, by this process or by the next.
    await this.#apply(journal);
  }

  async #apply(journal: Journal): Promise<void> {
    const bytes = new TextEncoder().encode(journal.pending);
    if (journal.aside !== null) await this.#setAside(journal.aside, bytes.length);
    const found = await this.#disk.stat(this.#current);
    if (found === null && journal.size === 0) {
      await this.#disk.create(this.#current, bytes);
      await this.#disk.syncFolder(this.#folder);
      this.#journal = journal;
      return;
    }
    const size = found?.size ?? 0;
    const length = Math.min(bytes.length, size - journal.size);
    const isOurs =
      found !== null &&
      length >= 0 &&
      equal(
        await this.#disk.readAt(this.#current, journal.size, length),
        bytes.subarray(0, length),
      );
    if (!isOurs || size > journal.size + bytes.length) {
      await this.#replaceForeign(journal, size, isOurs);
      return;
    }
    if (length < bytes.length) await this.#disk.append(this.#current, bytes.subarray(length));
    else await this.#disk.sync(this.#current);
    this.#journal = journal;
  }

  /** Somebody else has written to the file, cut it or taken it away: it is left as it is, and a new one begun. */
  async #replaceForeign(journal: Journal, size: number, hasPending: boolean): Promise<void> {
    const { next, signature, before } = journal;
    const expected = size < journal.size ? journal.size : sizeAfter(journal);
    this.#notice = `${CURRENT_FILE} was changed by somebody else: expected ${expected} bytes, got ${size}; a new file was begun`;
    await this.#begin(hasPending ? { next, signature } : before);
  }

  /** Gives the old file its other name and takes the current one from it, however far that has come before. */
  async #setAside(aside: NonNullable<Journal['aside']>, newLength: number): Promise<void> {
    const found = await this.#disk.stat(this.#current);
    // Already done: what is there, if anything, is the new file. In a copied folder only its length tells.
    if (found === null || (found.inode !== aside.inode && found.size <= newLength)) return;
    for (let name = aside.name; ; name = nameAfter(name)) {
      const path = join(this.#folder, name);
      const taken = await this.#disk.stat(path);
      if (taken?.inode === found.inode) break;
      if (taken !== null) continue;
      await this.#disk.link(this.#current, path);
      break;
    }
    // It has two names now, on disk as well, before it loses one.
    await this.#disk.syncFolder(this.#folder);
    await this.#disk.unlink(this.#current);
    await this.#disk.syncFolder(this.#folder);
  }

  async #signatureOver(text: string): Promise<string> {
    const signature = await this.#sign(new TextEncoder().encode(text));
    return signatureLine(signature, formatTimestamp(this.#clock()), THREAD);
  }
}

/** The journal of a step that leaves the file as it is. */
function unchanged(state: Journal): Journal {
  const { next, signature } = state;
  const size = sizeAfter(state);
  return { ...state, size, pending: '', aside: null, before: { next, signature } };
}

function sizeAfter(journal: Journal): number {
  return journal.size + Buffer.byteLength(journal.pending);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

import { sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Log } from '@countersign/ledger';
import type { EventNames } from '@countersign/records';
import type { Logger } from '../logger.ts';
import { AuditFiles } from './audit-files.ts';
import { DISK, type Disk } from './disk.ts';
import { HeldLines } from './held-lines.ts';
import { ownLines } from './own-lines.ts';
import { listFiles, openFile, type AuditFile, type OpenAuditFile } from './reading.ts';
import type { FileSettings } from './settings.ts';

/** Between two looks at the log, in milliseconds: what comes together is signed and synced together. */
const TICK_MS = 100;
/** After a failure the files are left alone for so long. */
const RETRY_MS = 2_000;
/** How often the age of the file is looked at. */
const AGE_MS = 60_000;
/** Characters that are held, signed and written at a time. */
const MAX_HELD = 262_144;

interface Parts {
  readonly log: Pick<Log, 'size' | 'reader' | 'onCommit'>;
  /** Folder of the files. */
  readonly folder: string;
  readonly journalPath: string;
  /** Signs the files; a P-384 or RSA key. */
  readonly key: KeyObject;
  readonly eventNames: EventNames;
  readonly settings: FileSettings;
  readonly clock: () => Date;
  readonly logger: Logger;
  readonly disk?: Disk;
}

/**
 * A view of the log for who knows Dogtag: one line for each of the server's own records, in the log's order, in signed
 * files. It follows the log and is never waited for: when the files cannot be written, records still go into the log,
 * health says so, and the lines come later.
 */
export class SignedAudit {
  readonly #log: Parts['log'];
  readonly #folder: string;
  readonly #files: AuditFiles;
  readonly #names: EventNames;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  #settings: FileSettings;

  readonly #held = new HeldLines();
  /** The record of the log that is looked at next. */
  #read = 0;
  #isOpen = false;
  /** Size of the log when the server started: before what comes there, the start is signed. */
  #startAt: number | null;
  #canRotate = true;
  #failure: string | null = null;
  #notice: string | null = null;
  /** One turn at a time. */
  #turn: Promise<void> = Promise.resolve();
  #timer: { readonly handle: NodeJS.Timeout; readonly at: number } | null = null;
  readonly #ageTimer: NodeJS.Timeout;
  readonly #unfollow: () => void;
  #closed = false;

  /** Begins to follow the log; what is in it now belongs to earlier runs. */
  constructor(parts: Parts) {
    const { log, folder, journalPath, key, eventNames, settings, clock, logger } = parts;
    const signer = promisify(sign);
    this.#log = log;
    this.#folder = folder;
    this.#names = eventNames;
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
    this.#startAt = log.size;
    this.#files = new AuditFiles({
      folder,
      journalPath,
      clock,
      disk: parts.disk ?? DISK,
      // SHA-256 with PKCS#1 v1.5 for RSA, in DER for EC: what Dogtag's tools verify.
      sign: async (data) => await signer('sha256', data, key),
    });
    this.#unfollow = log.onCommit(() => this.#schedule(TICK_MS));
    this.#ageTimer = setInterval(() => this.#schedule(0), AGE_MS).unref();
    this.#schedule(0);
  }

  /** Why the files cannot be written at the moment, or null. */
  get failure(): string | null {
    return this.#failure;
  }

  /** What somebody should look at although lines are written, or null. */
  get notice(): string | null {
    return this.#canRotate
      ? this.#notice
      : 'the file system has no links: the signed audit file is never set aside';
  }

  get settings(): FileSettings {
    return this.#settings;
  }

  /** Settings that hold from now on. */
  configure(settings: FileSettings): void {
    this.#settings = settings;
    this.#schedule(0);
  }

  /** Resolves when every line of what the log has now is signed and on disk, or the files cannot be written. */
  async idle(): Promise<void> {
    await this.#exclusively(async () => await this.#catchUp(true));
  }

  /** Writes what there is and stops following. */
  async close(): Promise<void> {
    this.#unfollow();
    clearInterval(this.#ageTimer);
    await this.#exclusively(async () => {
      await this.#catchUp(true);
      this.#closed = true;
      try {
        if (this.#isOpen && this.#files.next < this.#read) await this.#files.advance(this.#read);
      } catch (error) {
        this.#logger.warn('how far the log was read could not be kept', { error: String(error) });
      }
    });
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
  }

  /** The files with everything recorded until now, oldest first and the current one last. */
  async list(): Promise<AuditFile[]> {
    let files: AuditFile[] = [];
    await this.#exclusively(async () => {
      await this.#catchUp(true);
      files = await listFiles(this.#folder);
    });
    return files;
  }

  /** A file with everything recorded until now; null: there is none of that name. */
  async openFile(name: string): Promise<OpenAuditFile | null> {
    let file: OpenAuditFile | null = null;
    await this.#exclusively(async () => {
      await this.#catchUp(true);
      file = await openFile(this.#folder, name);
    });
    return file;
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Looks at the log in so many milliseconds, unless that happens earlier anyway. */
  #schedule(milliseconds: number): void {
    const at = performance.now() + milliseconds;
    if (this.#closed || (this.#timer !== null && this.#timer.at <= at)) return;
    if (this.#timer !== null) clearTimeout(this.#timer.handle);
    const handle = setTimeout(() => {
      this.#timer = null;
      void this.#exclusively(async () => await this.#catchUp(false));
    }, milliseconds).unref();
    this.#timer = { handle, at };
  }

  /** One turn: reads the log, writes what is due (or everything), sets the file aside when it is time. Never rejects. */
  async #catchUp(everything: boolean): Promise<void> {
    if (this.#closed) return;
    try {
      if (!this.#isOpen) await this.#open();
      // What comes while we write is for the next turn.
      const end = this.#log.size;
      for (;;) {
        await this.#fill(end);
        if (this.#held.chars > 0 && this.#isDue(everything)) await this.#flush();
        else if (this.#startAt !== null && this.#read >= this.#startAt) await this.#signStart();
        else if (this.#read >= end || this.#held.chars >= MAX_HELD) break;
        if (this.#isFull()) await this.#setAside();
      }
      if (this.#isOld()) await this.#setAside();
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Completes what was begun, and goes on behind it. */
  async #open(): Promise<void> {
    const { isNew } = await this.#files.open();
    this.#isOpen = true;
    this.#forget();
    // The first line of a new file is a signature already: with nothing to write before, that is the start's.
    if (isNew && this.#startAt !== null && this.#read >= this.#startAt) this.#startAt = null;
  }

  /** Goes on where the files end. */
  #forget(): void {
    this.#held.clear();
    this.#read = Math.min(this.#files.next, this.#log.size);
  }

  /** Reads lines until the log ends, the start is to be signed, or enough are held. */
  async #fill(end: number): Promise<void> {
    const stop = Math.min(end, this.#startAt ?? end);
    if (this.#read >= stop || this.#held.chars >= MAX_HELD) return;
    for await (const own of ownLines(this.#log.reader, this.#read, stop, this.#names)) {
      this.#held.add(own);
      this.#read = own.next;
      if (this.#held.chars >= MAX_HELD) return;
    }
    this.#read = stop;
  }

  #isDue(everything: boolean): boolean {
    if (everything || this.#startAt !== null) return true;
    const { bufferSize, flushInterval } = this.#settings;
    if (this.#held.chars > bufferSize || this.#held.chars >= MAX_HELD) return true;
    return flushInterval > 0 && this.#held.waited >= flushInterval * 1000;
  }

  /** Signs and writes what is held, or as much of it as the file has room for. */
  async #flush(): Promise<void> {
    const batch = this.#held.first(this.#room());
    const lines = batch.map(({ line }) => line);
    // Behind the last of them, or behind everything that was looked at.
    const isAll = lines.length === this.#held.count;
    const next = isAll ? this.#read : (batch.at(-1)?.next ?? this.#read);
    await this.#files.append(lines, next);
    this.#noticed();
    if (this.#files.next !== next) {
      // Somebody else has changed the file: what of the lines is lost with it is read again.
      this.#forget();
      return;
    }
    this.#held.drop(lines.length);
  }

  async #signStart(): Promise<void> {
    await this.#files.append([], this.#read);
    this.#noticed();
    this.#startAt = null;
  }

  async #setAside(): Promise<void> {
    this.#canRotate = await this.#files.rotate();
    this.#noticed();
    if (!this.#canRotate)
      this.#logger.error('the file system has no links', { folder: this.#folder });
  }

  #room(): number {
    const { maxFileSize } = this.#settings;
    if (maxFileSize === 0 || !this.#canRotate) return MAX_HELD;
    return maxFileSize * 1024 - this.#files.size;
  }

  #isFull(): boolean {
    const { maxFileSize } = this.#settings;
    if (!this.#canRotate || this.#files.records === 0) return false;
    return maxFileSize > 0 && this.#files.size > maxFileSize * 1024;
  }

  #isOld(): boolean {
    const { rolloverInterval } = this.#settings;
    if (!this.#canRotate || this.#files.records === 0) return false;
    const age = this.#clock().getTime() - this.#files.begun.getTime();
    return rolloverInterval > 0 && age >= rolloverInterval * 1000;
  }

  #noticed(): void {
    const { notice } = this.#files;
    if (notice === null || notice === this.#notice) return;
    this.#notice = notice;
    this.#logger.error('the signed audit files were changed', { notice });
  }

  #succeeded(): void {
    this.#noticed();
    if (this.#failure !== null) this.#logger.info('the signed audit files are written again');
    this.#failure = null;
    const { flushInterval } = this.#settings;
    if (this.#held.chars > 0 && flushInterval > 0)
      this.#schedule(Math.max(TICK_MS, flushInterval * 1000 - this.#held.waited));
  }

  #failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#failure === null)
      this.#logger.error('the signed audit files cannot be written', { reason });
    this.#failure = reason;
    this.#isOpen = false;
    this.#schedule(RETRY_MS);
  }
}

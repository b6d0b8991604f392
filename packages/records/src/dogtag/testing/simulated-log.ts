/**
 * Writes audit logs as Dogtag's LogFile does: buffering, signatures at each flush, rotation, start and
 * stop. For tests and demonstrations; the signer, the clock and the bytes of the charset are given.
 */
import { toBase64 } from '@countersign/tlog';
import { SIGNATURE_TEXT, SIGNING_EVENT } from '../layout.ts';
import type { LogFile } from '../file-scan.ts';
import { formatTimestamp } from '../timestamp.ts';

export interface SimulatedLogOptions {
  /** Signs what is flushed; without one nothing is signed. */
  readonly sign?: (data: Uint8Array) => Uint8Array;
  readonly baseName?: string;
  /** Characters after which lines are flushed: the logger's own default is 512. */
  readonly bufferSize?: number;
  /** Bytes after which a file is rotated; 0 never. The logger's own default is 2000 KB. */
  readonly maxFileSize?: number;
  /** The time of each line; by default a fixed second that each line moves on by one. */
  readonly clock?: () => Date;
  /** Whether AUDIT_LOG_STARTUP is selected; by default it is. */
  readonly logsStarts?: boolean;
  /** How text becomes bytes on disk; signatures are over UTF-8 whatever it does. */
  readonly encode?: (text: string) => Uint8Array;
}

/** A logger in the life of one instance: start it, log, and take its files. */
export class SimulatedLog {
  #sign: SimulatedLogOptions['sign'];
  readonly #baseName: string;
  readonly #bufferSize: number;
  readonly #maxFileSize: number;
  readonly #clock: () => Date;
  readonly #logsStarts: boolean;
  readonly #encode: (text: string) => Uint8Array;
  readonly #rotated: LogFile[] = [];
  /** What is on disk in the current file. */
  #disk: Uint8Array[] = [];
  #diskBytes = 0;
  /** Lines not flushed yet, each with its line feed. */
  #buffer: string[] = [];
  #unflushed = 0;
  /** What the next signature is over. */
  #signed: Uint8Array[] = [];
  #lastTime = new Date(0);

  constructor(options: SimulatedLogOptions = {}) {
    let second = Date.UTC(2026, 10, 22, 2, 11, 49);
    this.#sign = options.sign;
    this.#baseName = options.baseName ?? 'ca_audit';
    this.#bufferSize = options.bufferSize ?? 512;
    this.#maxFileSize = options.maxFileSize ?? 0;
    this.#clock = options.clock ?? (() => new Date((second += 1000)));
    this.#logsStarts = options.logsStarts ?? true;
    this.#encode = options.encode ?? ((text) => new TextEncoder().encode(text));
  }

  /** Starts the logger on what is on disk; another signer is a new key. */
  start(sign: SimulatedLogOptions['sign'] = this.#sign): this {
    this.#sign = sign;
    this.#buffer = [];
    this.#unflushed = 0;
    if (sign === undefined) return this;
    // The signer starts from the last line of the file that mentions the signing event, if there is one.
    const lines = new TextDecoder().decode(this.#current()).split('\n');
    const last = lines.findLast((line) => line.includes(SIGNING_EVENT));
    this.#signed = last === undefined ? [] : [new TextEncoder().encode(`${last}\n`)];
    this.#pushSignature();
    if (!this.#logsStarts) return this;
    this.log(
      '[AuditEvent=AUDIT_LOG_STARTUP][SubjectID=$System$][Outcome=Success] audit function startup',
    );
    return this;
  }

  /** Logs one event: the message from `[AuditEvent=` on. */
  log(message: string, thread = 'main'): this {
    this.#write(message, thread);
    if (this.#unflushed > this.#bufferSize) this.flush();
    if (this.#maxFileSize > 0 && this.#diskBytes > this.#maxFileSize) this.rotate();
    return this;
  }

  /** Signs what was logged since the last signature, and writes it to disk. */
  flush(): this {
    if (this.#sign !== undefined) this.#pushSignature();
    this.#flushLines();
    return this;
  }

  /** Moves the current file aside and begins a new one that signs the end of the old. */
  rotate(): this {
    if (this.#unflushed > 0) this.flush();
    this.flush(); // closing flushes once more
    this.#rotated.push({ name: this.#rotationName(), bytes: this.#current() });
    this.#disk = [];
    this.#diskBytes = 0;
    if (this.#sign !== undefined) this.#pushSignature();
    return this;
  }

  /** Moves nothing aside: the current file is gone, as when somebody removes it while the server is down. */
  removeCurrent(): this {
    this.#disk = [];
    this.#diskBytes = 0;
    return this;
  }

  /** Switches signing off. */
  stopSigning(): this {
    this.#sign = undefined;
    this.#signed = [];
    return this;
  }

  /** Stops in good order. */
  stop(): this {
    this.log(
      '[AuditEvent=AUDIT_LOG_SHUTDOWN][SubjectID=$System$][Outcome=Success] audit function shutdown',
    );
    return this.flush();
  }

  /** Ends as `kill -9` does: what had left the buffer stays, up to so many characters of the rest. */
  crash(options: { written?: number } = {}): this {
    const rest = this.#buffer.join('').slice(0, options.written ?? 0);
    if (rest !== '') this.#append(rest);
    this.#buffer = [];
    this.#unflushed = 0;
    return this;
  }

  /** Writes lines to disk without signing them, as the operating system may do at any time. */
  spill(): this {
    this.#flushLines();
    this.#unflushed = 1;
    return this;
  }

  /** The files as they are on disk, oldest first, the current one last. */
  files(): LogFile[] {
    return [...this.#rotated, { name: this.#baseName, bytes: this.#current() }];
  }

  #pushSignature(): void {
    const signature = this.#sign!(join(this.#signed));
    this.#signed = [];
    const event = `[AuditEvent=${SIGNING_EVENT}][SubjectID=$System$][Outcome=Success]`;
    this.#write(`${event} ${SIGNATURE_TEXT}${toBase64(signature)}`, 'main');
  }

  #write(message: string, thread: string): void {
    this.#lastTime = this.#clock();
    const line = `0.${thread} - [${formatTimestamp(this.#lastTime)}] [14] [6] ${message}\n`;
    this.#buffer.push(line);
    this.#unflushed += line.length;
    if (this.#sign !== undefined) this.#signed.push(new TextEncoder().encode(line));
  }

  #flushLines(): void {
    this.#append(this.#buffer.join(''));
    this.#buffer = [];
    this.#unflushed = 0;
  }

  #append(text: string): void {
    const bytes = this.#encode(text);
    this.#disk.push(bytes);
    this.#diskBytes += bytes.length;
  }

  #current(): Uint8Array {
    const bytes = join(this.#disk);
    this.#disk = [bytes];
    return bytes;
  }

  #rotationName(): string {
    const digits = this.#lastTime.toISOString().replace(/\D/g, '').slice(0, 14);
    return `${this.#baseName}.${digits}`;
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

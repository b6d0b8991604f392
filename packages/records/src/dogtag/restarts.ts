/**
 * Lines that a restart left unsigned. They look like lines that somebody put between two signatures;
 * what tells them apart is the record behind the second signature: a server that starts logs
 * AUDIT_LOG_STARTUP, unless that event was deselected.
 */
import { neverSigned } from './findings.ts';
import type { Finding } from './findings.ts';
import type { RawRecord } from './records.ts';

const STARTUP = '[AuditEvent=AUDIT_LOG_STARTUP]';

/** Whether a record is the one a server writes when its log starts. */
export function isStartup({ text, prefix }: RawRecord): boolean {
  return prefix !== undefined && text.startsWith(STARTUP, prefix.end);
}

/** Restarts of one file, sorted by what follows them. */
export class Restarts {
  #open: Finding | undefined;
  readonly confirmed: Finding[] = [];
  /** Something else than a start of the server follows. */
  readonly unconfirmed: Finding[] = [];

  /** Notes the lines before a signature over a line further up. */
  add(firstLine: number, lastLine: number): void {
    if (lastLine >= firstLine) this.#open = neverSigned(firstLine, lastLine);
  }

  /** Settles the restart before this record, if there is one. */
  settle(next: RawRecord): void {
    if (this.#open === undefined) return;
    (isStartup(next) ? this.confirmed : this.unconfirmed).push(this.#open);
    this.#open = undefined;
  }

  /** The restart whose signature ends the file. */
  get atEnd(): Finding | undefined {
    return this.#open;
  }
}

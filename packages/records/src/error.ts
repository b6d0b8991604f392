/** What went wrong with a record. Stable: the API's problem bodies carry it. */
export type RecordErrorCode =
  | 'record_invalid'
  | 'record_too_large'
  | 'record_contains_secret'
  | 'envelope_malformed'
  | 'content_malformed';

/** One thing wrong at one place: `path` is a JSON path, e.g. `$.content.actor.kind`. */
export interface RecordFault {
  readonly path: string;
  readonly expected: string;
  /** What was there, shortened; never the value of a secret. */
  readonly got: string;
}

/** A record, draft, envelope or content that cannot be accepted, with every fault found. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly code: RecordErrorCode;
  readonly faults: readonly RecordFault[];

  constructor(code: RecordErrorCode, faults: readonly RecordFault[], cause?: unknown) {
    super(describeFaults(faults), cause === undefined ? undefined : { cause });
    this.code = code;
    this.faults = faults;
  }
}

function describeFaults(faults: readonly RecordFault[]): string {
  return faults.map((f) => `${f.path}: expected ${f.expected}, got ${f.got}`).join('; ');
}

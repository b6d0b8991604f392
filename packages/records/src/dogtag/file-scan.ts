/** What the scan of one file yields: plain data, so that a worker thread may do it. */
import type { Finding } from './findings.ts';
import type { AmbiguousLine, Problem, Run, SignatureKey } from './report.ts';
import type { StatedZone } from './zones.ts';

/** One file of a log. */
export interface LogFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ScanOptions {
  readonly keys: readonly SignatureKey[];
  /** The zone the server was in, for timestamps that do not settle it. */
  readonly zone?: StatedZone;
}

/** A signature line that opens or closes what a file has signed. */
export interface SignatureLine {
  readonly line: number;
  /** The line with its line feed. */
  readonly bytes: Uint8Array;
  /** Absent when malformed. */
  readonly signature?: Uint8Array;
  /** Set when malformed because the server adds its place in the program to each line. */
  readonly traced?: true;
}

/** What a file holds, with its ends kept so that files can be joined. */
export interface FileScan {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal SHA-256 of the bytes. */
  readonly digest: string;
  readonly lines: number;
  readonly records: number;
  readonly ambiguous: number;
  readonly ambiguousLines: readonly AmbiguousLine[];
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Whether the last line has its line feed. */
  readonly complete: boolean;
  readonly charset?: string;
  readonly signatures: number;
  /** What is before the first signature line; everything when there is none. */
  readonly head: { readonly lines: number; readonly bytes: Uint8Array };
  readonly first?: SignatureLine;
  /** The last signature line and everything behind it. */
  readonly last?: SignatureLine & {
    readonly tail: Uint8Array;
    readonly tailLines: number;
    /** What the file itself says of the last signature; `unknown` when it is also the first. */
    readonly own: 'valid' | 'invalid' | 'unknown';
    readonly key?: number;
  };
  /** Whether the second signature covers the first signature's line as it stands. */
  readonly firstIsCovered: boolean;
  /** What follows the first signature: a server that starts logs AUDIT_LOG_STARTUP there. */
  readonly afterFirst: 'startup' | 'other' | 'nothing';
  /** Signatures that verify, and those that do not; the first is in neither. */
  readonly valid: number;
  readonly invalid: number;
  /** Lines that restarts left unsigned. */
  readonly neverSigned: number;
  /** Those among the restarts that no AUDIT_LOG_STARTUP follows: lines may have been inserted there. */
  readonly unconfirmed: readonly Finding[];
  /** A restart whose signature is the last record of the file: what follows it is elsewhere. */
  readonly restartAtEnd?: Finding;
  /** Key and line of the first of the valid signatures. */
  readonly firstValid?: { readonly key: number; readonly line: number };
  /** Signatures by each key. */
  readonly keyUse: readonly number[];
  /** Verdicts on the lines from the first signature line up to the one before the last. */
  readonly runs: readonly Run[];
  readonly problems: readonly Problem[];
  /** Lines before the first, and behind the last signature that look like damaged ones. */
  readonly damagedHead: readonly number[];
  readonly damagedTail: readonly number[];
  /** Offset and first bytes of some signatures, to recognise an earlier copy of the same file. */
  readonly marks: ReadonlyMap<number, string>;
}

/** Lists longer than this are cut, and say how much. */
export const MAX_LISTED = 1000;

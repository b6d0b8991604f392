/** What the verification of a series of signed files has to say. All data is plain, ready for JSON. */

/** A key that may have signed. Injected: this package opens no certificate and knows no algorithm. */
export interface SignatureKey {
  /** What to call it in reports: usually the certificate's subject. */
  readonly name: string;
  /** Whether the signature is one of exactly these bytes. */
  verify(data: Uint8Array, signature: Uint8Array): boolean;
  /** Keys of the same certificate share this: changing between them is no key change. */
  readonly certificate?: string;
  /** Set when the algorithm is no longer good enough: its name. */
  readonly weak?: string;
  /** Validity of the certificate: RFC 3339, UTC. */
  readonly validFrom?: string;
  readonly validTo?: string;
}

/** `error` fails the verification, `warning` needs a look, `note` is worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

export type ProblemKind =
  | 'signature_invalid'
  | 'signature_malformed'
  | 'signature_damaged'
  | 'file_missing'
  | 'beginning_missing'
  | 'chain_restarted'
  | 'chain_forked'
  | 'lines_never_signed'
  | 'lines_inserted'
  | 'file_unsigned'
  | 'file_duplicated'
  | 'file_empty'
  | 'nothing_signed'
  | 'key_changed'
  | 'weak_algorithm'
  | 'outside_validity'
  | 'charset'
  | 'byte_order_mark'
  | 'line_ends_converted'
  | 'line_incomplete'
  | 'line_torn'
  | 'line_traced'
  | 'embedded_signature'
  | 'unsigned_head'
  | 'unsigned_tail'
  | 'problems_omitted';

/** One finding with its place. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly severity: Severity;
  readonly file: string;
  /** First and last physical line concerned, counted from 1. */
  readonly firstLine?: number;
  readonly lastLine?: number;
  /** What was found: a lower-case sentence. */
  readonly message: string;
  /** The likely cause, in words. */
  readonly cause?: string;
}

/** Lines from the end of the run before (or 1) to `to`, all with one verdict. */
export interface Run {
  readonly to: number;
  readonly verdict: 'valid' | 'invalid' | 'unsigned';
  /** Index of the key, for valid ones. */
  readonly key?: number;
}

/** A record that can be read in more than one way. */
export interface AmbiguousLine {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** How a file hangs on the one before it. */
export type FileLink = 'start' | 'linked' | 'unlinked' | 'beginning' | 'unsigned' | 'ignored';

export interface FileReport {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  /**
   * start: its first signature signs nothing, so no signature existed before; linked: it signs the end
   * of the file before; beginning: the first file, and what it signs is missing; unlinked: further on,
   * and what it signs is missing; unsigned: it has no signature; ignored: empty or a copy.
   */
  readonly link: FileLink;
  readonly valid: number;
  readonly invalid: number;
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Encoding its bytes are in, when not UTF-8 and the signatures prove it. */
  readonly charset?: string;
  /** The verdict on every line. */
  readonly runs: readonly Run[];
}

/**
 * valid: everything signed verifies and the beginning is there; beginning-missing: the same, but
 * earlier files are not there; restarted: the same, but the chain begins anew in some file, and what
 * was logged before that cannot be told; broken: every signature verifies, but a file without any
 * stands where the chain has no place for it; invalid: a signature does not verify over what is
 * before it; unsigned: nothing is signed.
 */
export type SeriesVerdict =
  | 'valid'
  | 'beginning-missing'
  | 'restarted'
  | 'broken'
  | 'invalid'
  | 'unsigned';

export interface SeriesReport {
  readonly ok: boolean;
  readonly verdict: SeriesVerdict;
  /** The verdict in words. */
  readonly summary: string;
  /** In the order of the chain. */
  readonly files: readonly FileReport[];
  /** Signatures that verify: over what is before them, over what a restart starts from, or where the chain begins anew. */
  readonly valid: number;
  /** Signatures that do not, and those that excuse lines somebody put before them. */
  readonly invalid: number;
  /** First signatures that sign nothing and so begin a log, in neither of the above: one, unless files of several logs are given. */
  readonly starts: number;
  /** Physical lines before the first signature that nothing covers. */
  readonly unsignedHead: number;
  /** Physical lines behind the last signature: not signed yet, or no more. */
  readonly unsignedTail: number;
  /** Physical lines in between that were never signed. */
  readonly unsignedBetween: number;
  readonly records: number;
  readonly ambiguous: number;
  /** The first of them. */
  readonly ambiguousLines: readonly AmbiguousLine[];
  readonly keys: readonly { readonly name: string; readonly signatures: number }[];
  readonly problems: readonly Problem[];
}

/**
 * Proofs that something has been logged (c2sp.org/tlog-proof): an inclusion proof and the checkpoint it
 * leads to, in one text that is checked offline.
 *
 *     c2sp.org/tlog-proof@v1
 *     [extra <base64>]
 *     index <decimal>
 *     [<hash, base64>]…
 *
 *     <checkpoint, a signed note>
 */
import { parseCheckpoint, type Checkpoint } from './checkpoint.ts';
import { parseCosignature } from './cosignature.ts';
import { fromBase64, parseDecimal, quoteShort, toBase64 } from './encoding.ts';
import { TlogError } from './errors.ts';
import { HASH_SIZE, type Hash } from './hash.ts';
import { MAX_NOTE_BYTES, openNote, type NoteVerifier, type OpenedNote } from './note.ts';
import { checkInclusion } from './tree.ts';

/** The first line of every proof. */
export const PROOF_HEADER = 'c2sp.org/tlog-proof@v1';

/** No tree has more levels: more hashes are refused before any is read. */
const MAX_HASHES = 64;

export interface TlogProof {
  /** For the application; nothing signs it. */
  readonly extra?: Uint8Array;
  /** Index of the leaf. */
  readonly index: number;
  /** Inclusion proof, from the leaf's sibling up. */
  readonly hashes: readonly Hash[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

export interface CheckProofOptions {
  /** The log's origin. By default it must be the name of the key that signed. */
  readonly origin?: string;
  /** Keys of the log; one of them must have signed. */
  readonly verifiers: readonly NoteVerifier[];
  /** Keys of witnesses, all of them for cosignatures. */
  readonly witnesses?: readonly NoteVerifier[];
  /** How many witnesses, told apart by name, must have cosigned; by default all of `witnesses`. */
  readonly quorum?: number;
}

export interface Cosigner {
  readonly name: string;
  readonly keyId: number;
  /** POSIX seconds at which the cosigner had seen no larger tree. */
  readonly time: number;
}

/** What a proof has been found to prove. */
export interface CheckedProof {
  readonly index: number;
  readonly checkpoint: Checkpoint;
  readonly note: OpenedNote;
  /** The witnesses whose cosignatures are valid, in the order of the note. */
  readonly cosigners: readonly Cosigner[];
}

/**
 * Returns the proof as text.
 * @throws TlogError `proof_malformed` when `parseTlogProof` would refuse the result
 */
export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [PROOF_HEADER];
  if (extra !== undefined) lines.push(`extra ${toBase64(extra)}`);
  lines.push(`index ${index}`, ...hashes.map(toBase64), '', checkpoint);
  const text = lines.join('\n');
  parseTlogProof(text);
  return text;
}

/**
 * Returns the parts of a proof, nothing of it checked but its form; the checkpoint is left as it is.
 * Accepts exactly what `formatTlogProof` writes.
 * @throws TlogError `proof_malformed`; `number_too_large` for an index above 2^53 - 1
 */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  if (end === -1) throw malformed('no blank line before the checkpoint');
  const checkpoint = text.slice(end + 2);
  if (checkpoint === '') throw malformed('no checkpoint');
  if (checkpoint.length > MAX_NOTE_BYTES) {
    throw malformed(
      `checkpoint: expected at most ${MAX_NOTE_BYTES} bytes, got ${checkpoint.length}`,
    );
  }
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== PROOF_HEADER) {
    throw malformed(`expected the first line ${PROOF_HEADER}, got ${quoteShort(header ?? '')}`);
  }
  const extra = lines[0]?.startsWith('extra ')
    ? parseBytes('extra', lines.shift()?.slice('extra '.length))
    : undefined;
  const indexLine = lines.shift() ?? '';
  if (!indexLine.startsWith('index ')) {
    throw malformed(`expected a line "index <number>", got ${quoteShort(indexLine)}`);
  }
  const index = parseIndex(indexLine.slice('index '.length));
  if (lines.length > MAX_HASHES) {
    throw malformed(`expected at most ${MAX_HASHES} hashes, got ${lines.length}`);
  }
  const hashes = lines.map((line) => parseBytes('hash', line));
  for (const { length } of hashes) {
    if (length !== HASH_SIZE) throw malformed(`hash: expected 32 bytes, got ${length}`);
  }
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint };
}

/**
 * Checks that a log has committed to a leaf: the log's signature, its origin, the witnesses' cosignatures,
 * and the way from the leaf to the signed root.
 * @throws TlogError as `openNote` and `parseCheckpoint`; `checkpoint_origin_mismatch`, `quorum_missing`,
 *   `inclusion_invalid`
 */
export function checkTlogProof(
  proof: TlogProof,
  leaf: Hash,
  { origin, verifiers, witnesses = [], quorum = countNames(witnesses) }: CheckProofOptions,
): CheckedProof {
  if (!Number.isSafeInteger(quorum) || quorum < 0 || quorum > countNames(witnesses)) {
    throw new RangeError(
      `quorum: expected an integer from 0 to ${countNames(witnesses)}, got ${quorum}`,
    );
  }
  const untimed = witnesses.find(({ timed }) => !timed);
  if (untimed !== undefined) {
    throw new TypeError(`witness ${quoteShort(untimed.name)}: expected a key for cosignatures`);
  }
  // The log's own signature first: without it nothing else on the note matters.
  const signed = openNote(proof.checkpoint, verifiers);
  const checkpoint = parseCheckpoint(signed.text);
  const names = origin === undefined ? signed.verified.map(({ name }) => name) : [origin];
  if (!names.includes(checkpoint.origin)) {
    throw new TlogError(
      'checkpoint_origin_mismatch',
      `checkpoint origin: expected ${names.map(quoteShort).join(' or ')}, got ${quoteShort(checkpoint.origin)}`,
    );
  }

  const note = openNote(proof.checkpoint, [...verifiers, ...witnesses]);
  const cosigners = note.verified
    .filter((signature) => includesKey(witnesses, signature) && !includesKey(verifiers, signature))
    .map(({ name, keyId, signature }) => ({ name, keyId, time: parseCosignature(signature).time }));
  const votes = countNames(cosigners);
  if (votes < quorum) {
    throw new TlogError(
      'quorum_missing',
      `expected cosignatures of ${quorum} witnesses, got ${votes}`,
    );
  }

  checkInclusion(proof.hashes, proof.index, checkpoint.size, checkpoint.root, leaf);
  return { index: proof.index, checkpoint, note, cosigners };
}

interface KeyReference {
  readonly name: string;
  readonly keyId: number;
}

function includesKey(keys: readonly KeyReference[], { name, keyId }: KeyReference): boolean {
  return keys.some((key) => key.name === name && key.keyId === keyId);
}

/** A witness with several keys is still one witness. */
function countNames(keys: readonly { readonly name: string }[]): number {
  return new Set(keys.map(({ name }) => name)).size;
}

function parseIndex(text: string): number {
  try {
    return parseDecimal(text, 'index');
  } catch (cause) {
    if (cause instanceof TlogError && cause.code === 'number_malformed') {
      throw malformed(cause.message, cause);
    }
    throw cause;
  }
}

function parseBytes(field: string, text = ''): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw malformed(`${field}: expected base64, got ${quoteShort(text)}`, cause);
  }
}

function malformed(what: string, cause?: unknown): TlogError {
  return new TlogError('proof_malformed', `proof: ${what}`, cause === undefined ? {} : { cause });
}

/**
 * The body of a request that asks a witness for its cosignature (c2sp.org/tlog-witness, add-checkpoint).
 *
 *     old <size that the witness has cosigned, decimal>
 *     [<hash of the consistency proof, base64>]…
 *
 *     <checkpoint, a signed note>
 *
 * The witness answers with signature lines, read by `parseSignatureLines`.
 */
import { fromBase64, parseDecimal, quoteShort, toBase64 } from './encoding.ts';
import { TlogError } from './errors.ts';
import { HASH_SIZE, type Hash } from './hash.ts';
import { MAX_NOTE_BYTES } from './note.ts';

/** The protocol's limit; no proof needs more. */
const MAX_PROOF_HASHES = 63;

export interface AddCheckpointRequest {
  /** Size of the newest checkpoint that the witness is thought to have; 0 when it has none. */
  readonly old: number;
  /** Consistency proof from `old` to the checkpoint; empty from 0. */
  readonly proof: readonly Hash[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

/**
 * Returns the body of a request.
 * @throws TlogError `witness_request_malformed` when `parseAddCheckpoint` would refuse the result
 */
export function formatAddCheckpoint({ old, proof, checkpoint }: AddCheckpointRequest): string {
  const body = [`old ${old}`, ...proof.map(toBase64), '', checkpoint].join('\n');
  parseAddCheckpoint(body);
  return body;
}

/**
 * Returns the parts of a request's body; the checkpoint is left as it is. Accepts exactly what
 * `formatAddCheckpoint` writes.
 * @throws TlogError `witness_request_malformed`; `number_too_large` for a size above 2^53 - 1
 */
export function parseAddCheckpoint(body: string): AddCheckpointRequest {
  const end = body.indexOf('\n\n');
  if (end === -1) throw malformed('no blank line before the checkpoint');
  const checkpoint = body.slice(end + 2);
  if (checkpoint === '') throw malformed('no checkpoint');
  if (checkpoint.length > MAX_NOTE_BYTES) {
    throw malformed(
      `checkpoint: expected at most ${MAX_NOTE_BYTES} bytes, got ${checkpoint.length}`,
    );
  }
  const [oldLine = '', ...lines] = body.slice(0, end).split('\n');
  if (!oldLine.startsWith('old ')) {
    throw malformed(`expected a line "old <size>", got ${quoteShort(oldLine)}`);
  }
  const old = parseOld(oldLine.slice('old '.length));
  if (lines.length > MAX_PROOF_HASHES) {
    throw malformed(`expected at most ${MAX_PROOF_HASHES} hashes, got ${lines.length}`);
  }
  return { old, proof: lines.map(parseHash), checkpoint };
}

function parseOld(text: string): number {
  try {
    return parseDecimal(text, 'old');
  } catch (cause) {
    if (cause instanceof TlogError && cause.code === 'number_malformed') {
      throw malformed(cause.message, cause);
    }
    throw cause;
  }
}

function parseHash(text: string): Hash {
  let hash: Hash;
  try {
    hash = fromBase64(text);
  } catch (cause) {
    throw malformed(`hash: expected base64, got ${quoteShort(text)}`, cause);
  }
  if (hash.length !== HASH_SIZE) throw malformed(`hash: expected 32 bytes, got ${hash.length}`);
  return hash;
}

function malformed(what: string, cause?: unknown): TlogError {
  return new TlogError(
    'witness_request_malformed',
    `add-checkpoint: ${what}`,
    cause === undefined ? {} : { cause },
  );
}

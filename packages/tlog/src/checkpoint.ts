/**
 * Checkpoints (c2sp.org/tlog-checkpoint): a log's statement of its size and root, signed as a note.
 *
 *     <origin>
 *     <size, decimal>
 *     <root, base64>
 *     [<extension>]…
 */
import { fromBase64, parseDecimal, quoteShort, toBase64 } from './encoding.ts';
import { TlogError } from './errors.ts';
import { HASH_SIZE, type Hash } from './hash.ts';
import { openNote, type NoteVerifier, type OpenedNote } from './note.ts';

export interface Checkpoint {
  /** Names the log for ever; usually also the name of its key. */
  readonly origin: string;
  /** Number of leaves. */
  readonly size: number;
  readonly root: Hash;
  /** Further lines. Not recommended: ML-DSA cosignatures do not cover them. */
  readonly extensions: readonly string[];
}

/**
 * Returns the text of a checkpoint, to be signed as a note.
 * @throws TlogError `checkpoint_malformed` when `parseCheckpoint` would refuse the result
 */
export function formatCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw malformed(`size: expected an integer from 0 to ${Number.MAX_SAFE_INTEGER}, got ${size}`);
  }
  if (root.length !== HASH_SIZE) throw malformed(`root: expected 32 bytes, got ${root.length}`);
  const lines = [origin, String(size), toBase64(root), ...extensions];
  for (const line of lines) checkLine(line);
  return `${lines.join('\n')}\n`;
}

/**
 * Returns the checkpoint of a note's text. Accepts exactly what `formatCheckpoint` writes.
 * @throws TlogError `checkpoint_malformed`; `number_too_large` for a size above 2^53 - 1
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('the text does not end with a newline');
  const lines = text.slice(0, -1).split('\n');
  const [origin, size, encodedRoot, ...extensions] = lines;
  if (origin === undefined || size === undefined || encodedRoot === undefined) {
    throw malformed(`expected at least 3 lines, got ${lines.length}`);
  }
  for (const line of lines) checkLine(line);
  return {
    origin,
    size: parseSize(size),
    root: parseRoot(encodedRoot),
    extensions,
  };
}

/**
 * Returns the checkpoint of a note that a known key signed, from the log of this origin.
 * @throws TlogError as `openNote` and `parseCheckpoint`; `checkpoint_origin_mismatch`
 */
export function openCheckpoint(
  note: Uint8Array | string,
  origin: string,
  verifiers: readonly NoteVerifier[],
): Checkpoint & { readonly note: OpenedNote } {
  const opened = openNote(note, verifiers);
  const checkpoint = parseCheckpoint(opened.text);
  if (checkpoint.origin !== origin) {
    throw new TlogError(
      'checkpoint_origin_mismatch',
      `checkpoint origin: expected ${quoteShort(origin)}, got ${quoteShort(checkpoint.origin)}`,
    );
  }
  return { ...checkpoint, note: opened };
}

function parseSize(text: string): number {
  try {
    return parseDecimal(text, 'checkpoint size');
  } catch (cause) {
    if (cause instanceof TlogError && cause.code === 'number_malformed') {
      throw new TlogError('checkpoint_malformed', cause.message, { cause });
    }
    throw cause;
  }
}

function parseRoot(text: string): Hash {
  let root: Uint8Array;
  try {
    root = fromBase64(text);
  } catch (cause) {
    throw malformed(`root: expected base64, got ${quoteShort(text)}`, cause);
  }
  if (root.length !== HASH_SIZE) throw malformed(`root: expected 32 bytes, got ${root.length}`);
  return root;
}

function checkLine(line: string): void {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (line === '' || /[\u0000-\u001f]/.test(line) || !line.isWellFormed()) {
    throw malformed(
      `expected lines that are not empty and without control characters, got ${quoteShort(line)}`,
    );
  }
}

function malformed(what: string, cause?: unknown): TlogError {
  return new TlogError(
    'checkpoint_malformed',
    `checkpoint: ${what}`,
    cause === undefined ? {} : { cause },
  );
}

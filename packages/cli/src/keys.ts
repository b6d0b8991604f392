import { parseCheckpoint, parseNote, parseVerifierKey, type NoteVerifier } from '@countersign/tlog';
import { CliError, messageOf } from './errors.ts';
import { readInput } from './files.ts';

/** The public keys of one log. */
export interface VerifierKeys {
  /** The log's name: its origin unless said otherwise. */
  readonly name: string;
  readonly verifiers: readonly NoteVerifier[];
}

/** `name+8 hex digits+base64`: a verifier key as signed-note writes it. */
const KEY_SHAPE = /^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/;

/**
 * The public keys an option names: a key itself, or a file that holds one a line (a log may sign with several
 * algorithms at once; they carry one name).
 *
 * @throws CliError `key_invalid`, `file_unreadable`
 */
export async function readVerifierKeys(what: string, keyOrFile: string): Promise<VerifierKeys> {
  if (KEY_SHAPE.test(keyOrFile)) return sameName(what, [parseKey(what, keyOrFile, 'the key')]);
  const text = Buffer.from(await readInput(what, keyOrFile)).toString('utf8');
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) {
    throw new CliError('key_invalid', `${what}: expected a key, got the empty file "${keyOrFile}"`);
  }
  return sameName(
    what,
    keys.map((key) => parseKey(what, key, `file "${keyOrFile}"`)),
  );
}

/**
 * An older checkpoint that somebody kept: the note itself, of the log the keys are of. Whether its signature is right
 * and the log still contains it is for the verification to say.
 *
 * @throws CliError `checkpoint_invalid`, `file_unreadable`
 */
export async function readOlderCheckpoint(
  what: string,
  path: string,
  { name }: VerifierKeys,
): Promise<string> {
  const text = Buffer.from(await readInput(what, path)).toString('utf8');
  const refuse = (why: string, cause?: unknown): CliError =>
    new CliError('checkpoint_invalid', `${what} "${path}" ${why}`, { cause, details: { path } });
  if (text === '')
    throw refuse('is empty: expected a checkpoint, as `countersign log checkpoint` prints it');
  let origin: string;
  try {
    ({ origin } = parseCheckpoint(parseNote(text).text));
  } catch (error) {
    throw refuse(`is not a checkpoint: ${messageOf(error)}`, error);
  }
  if (origin !== name) throw refuse(`is of another log: expected "${name}", got "${origin}"`);
  return text;
}

function sameName(what: string, verifiers: readonly NoteVerifier[]): VerifierKeys {
  const first = verifiers[0]!;
  const other = verifiers.find((verifier) => verifier.name !== first.name);
  if (other !== undefined) {
    throw new CliError(
      'key_invalid',
      `${what}: expected keys of one log, got "${first.name}" and "${other.name}"`,
    );
  }
  return { name: first.name, verifiers };
}

function parseKey(what: string, key: string, where: string): NoteVerifier {
  if (key.startsWith('PRIVATE+')) {
    throw new CliError(
      'key_invalid',
      `${what}: ${where} holds a private key; the public one is in the file ending in .vkey`,
    );
  }
  try {
    return parseVerifierKey(key);
  } catch (error) {
    throw new CliError(
      'key_invalid',
      `${what}: ${where} is not a verifier key: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

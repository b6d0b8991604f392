import { parseVerifierKey, type NoteVerifier } from '@countersign/tlog';
import { CliError, messageOf } from './errors.ts';
import { readInput } from './files.ts';

/** `name+8 hex digits+base64`: a verifier key as signed-note writes it. */
const KEY_SHAPE = /^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/;

/**
 * The public key an option names: the key itself, or a file that holds it on its first line.
 *
 * @throws CliError `key_invalid`, `file_unreadable`
 */
export async function readVerifierKey(what: string, keyOrFile: string): Promise<NoteVerifier> {
  if (KEY_SHAPE.test(keyOrFile)) return parseKey(what, keyOrFile, 'the key');
  const text = Buffer.from(await readInput(what, keyOrFile)).toString('utf8');
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const key = keys[0];
  if (key === undefined || keys.length > 1) {
    throw new CliError(
      'key_invalid',
      `${what}: expected one key in file "${keyOrFile}", got ${keys.length}`,
    );
  }
  return parseKey(what, key, `file "${keyOrFile}"`);
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

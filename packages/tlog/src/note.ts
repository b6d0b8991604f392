/**
 * Signed notes (c2sp.org/signed-note): a text, a blank line, and lines that sign the text.
 *
 *     <text, ends with a newline>
 *
 *     — <key name> <base64 of key ID and signature>
 *
 * A note is trusted for what a known key signed, and for nothing else.
 */
import { concatBytes, fromBase64, fromUtf8, quoteShort, toBase64, utf8 } from './encoding.ts';
import { TlogError } from './errors.ts';

/** Notes longer than this are refused unread, in bytes. */
export const MAX_NOTE_BYTES = 1_048_576;

/** Notes with more signatures are refused; signed-note demands that 16 be accepted. */
export const MAX_NOTE_SIGNATURES = 64;

/** A public key under a name. The pair of name and key ID finds its signatures on a note. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  readonly vkey: string;
  /** False where the runtime lacks the algorithm: such signatures are left unverified, like unknown ones. */
  readonly supported: boolean;
  /** Whether its signatures are cosignatures, which state a time. */
  readonly timed: boolean;
  /** Returns whether the signature (without key ID) is this key's over the text. Never throws. */
  verify(text: Uint8Array, signature: Uint8Array): boolean;
}

/** A private key under a name. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  readonly verifier: NoteVerifier;
  /** Returns the signature (without key ID) over the text. */
  sign(text: Uint8Array): Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: number;
  readonly signature: Uint8Array;
}

export interface Note {
  /** Ends with a newline; the blank line after it does not belong to it. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface OpenedNote extends Note {
  /** Signatures of known keys; all of them are valid, and there is at least one. */
  readonly verified: readonly NoteSignature[];
  /** Signatures of keys that are unknown or that this runtime cannot check. */
  readonly unverified: readonly NoteSignature[];
}

/**
 * Returns the note as text.
 * @throws TlogError `note_malformed` when `parseNote` would refuse the result
 */
export function formatNote({ text, signatures }: Note): string {
  checkText(text);
  if (signatures.length === 0) throw malformed('expected at least one signature, got none');
  if (signatures.length > MAX_NOTE_SIGNATURES) throw tooManySignatures(signatures.length);
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`;
}

/** Returns one signature line, with its newline. */
export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) throw malformed(`key name: got ${quoteShort(name)}`);
  if (signature.length === 0) throw malformed(`signature of ${quoteShort(name)} is empty`);
  return `— ${name} ${toBase64(concatBytes(formatKeyId(keyId), signature))}\n`;
}

/**
 * Returns text and signatures of a note, nothing of it verified. Accepts exactly what `formatNote` writes.
 * @throws TlogError `note_malformed`, `note_too_large`, `utf8_malformed`
 */
export function parseNote(note: Uint8Array | string): Note {
  // A string of more code units than the limit has more bytes, too.
  if (note.length > MAX_NOTE_BYTES) throw tooLarge(note.length);
  const bytes = typeof note === 'string' ? utf8(note) : note;
  if (bytes.length > MAX_NOTE_BYTES) throw tooLarge(bytes.length);
  const whole = typeof note === 'string' ? note : fromUtf8(note);
  const split = whole.lastIndexOf('\n\n');
  if (split === -1) throw malformed('no blank line before the signatures');
  const text = whole.slice(0, split + 1);
  checkText(text);
  return { text, signatures: parseSignatureLines(whole.slice(split + 2)) };
}

/**
 * Returns the signatures of lines as they stand at the end of a note.
 * @throws TlogError `note_malformed`
 */
export function parseSignatureLines(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) throw malformed('the last signature line has no newline');
  const parts = lines.slice(0, -1).split('\n', MAX_NOTE_SIGNATURES + 1);
  if (parts.length > MAX_NOTE_SIGNATURES) throw tooManySignatures(parts.length);
  return parts.map(parseSignatureLine);
}

/** Returns the text with a signature of every signer. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  checkText(text);
  const bytes = utf8(text);
  const signatures = signers.map((signer) => ({
    name: signer.name,
    keyId: signer.keyId,
    signature: signer.sign(bytes),
  }));
  return formatNote({ text, signatures });
}

/**
 * Returns a note of which at least one known key signed the text. Signatures of other keys are left alone.
 * @throws TlogError as `parseNote`; `note_signature_invalid` when the signature of a known key fails,
 *   `note_unsigned` when no known key signed
 */
export function openNote(
  note: Uint8Array | string,
  verifiers: readonly NoteVerifier[],
): OpenedNote {
  const parsed = parseNote(note);
  const text = utf8(parsed.text);
  const verified: NoteSignature[] = [];
  const unverified: NoteSignature[] = [];
  for (const signature of parsed.signatures) {
    const known = verifiers.filter(
      ({ name, keyId, supported }) =>
        supported && name === signature.name && keyId === signature.keyId,
    );
    if (known.length === 0) {
      unverified.push(signature);
      continue;
    }
    // Two different keys of the same name and ID are possible, if unlikely: either may have signed.
    if (!known.some((verifier) => verifier.verify(text, signature.signature))) {
      throw new TlogError(
        'note_signature_invalid',
        `signature of ${describeKey(signature)} does not match the note`,
      );
    }
    verified.push(signature);
  }
  if (verified.length === 0) {
    throw new TlogError(
      'note_unsigned',
      `expected a signature of ${verifiers.map(describeKey).join(' or ') || 'a known key'}, ` +
        `got ${unverified.map(describeKey).join(', ')}`,
    );
  }
  return { ...parsed, verified, unverified };
}

/** Returns whether a key may have this name: not empty, no white space, no plus, no control characters. */
export function isKeyName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return name.isWellFormed() && /^[^\p{White_Space}+\u0000-\u001f]+$/u.test(name);
}

/** Returns a key ID as its four bytes, big-endian. */
export function formatKeyId(keyId: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, keyId);
  return bytes;
}

/** Returns the key ID that starts these bytes. */
export function parseKeyId(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

function describeKey({ name, keyId }: { name: string; keyId: number }): string {
  return `${quoteShort(name)} (key ID ${keyId.toString(16).padStart(8, '0')})`;
}

function parseSignatureLine(line: string): NoteSignature {
  const parts = line.split(' ');
  const [dash, name, encoded] = parts;
  if (parts.length !== 3 || dash !== '—' || name === undefined || encoded === undefined) {
    throw malformed(`expected a signature line "— name base64", got ${quoteShort(line)}`);
  }
  if (!isKeyName(name)) throw malformed(`key name: got ${quoteShort(name)}`);
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(encoded);
  } catch (cause) {
    throw malformed(`signature of ${quoteShort(name)} is not base64`, cause);
  }
  if (bytes.length < 5) {
    throw malformed(
      `signature of ${quoteShort(name)}: expected more than 4 bytes, got ${bytes.length}`,
    );
  }
  return { name, keyId: parseKeyId(bytes), signature: bytes.slice(4) };
}

function checkText(text: string): void {
  if (!text.endsWith('\n')) throw malformed('the text does not end with a newline');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  const position = text.search(/[\u0000-\u0009\u000b-\u001f]/);
  if (position !== -1) {
    const code = text.charCodeAt(position).toString(16).padStart(4, '0');
    throw malformed(`control character U+${code} at ${position}`);
  }
  if (!text.isWellFormed()) throw malformed('lone surrogate in the text');
}

function malformed(what: string, cause?: unknown): TlogError {
  return new TlogError('note_malformed', `note: ${what}`, cause === undefined ? {} : { cause });
}

function tooLarge(length: number): TlogError {
  return new TlogError(
    'note_too_large',
    `note: expected at most ${MAX_NOTE_BYTES} bytes, got ${length}`,
  );
}

function tooManySignatures(count: number): TlogError {
  return new TlogError(
    'note_too_large',
    `note: expected at most ${MAX_NOTE_SIGNATURES} signatures, got ${count} or more`,
  );
}

/**
 * Keys of signed notes as text (c2sp.org/signed-note, "Verifier keys").
 *
 *     vkey  <name>+<key ID, hex>+<base64 of type and public key>
 *     skey  PRIVATE+KEY+<name>+<key ID, hex>+<base64 of type and 32-byte seed>
 *
 * The table below resolves an algorithm once; nothing after it enumerates them.
 */
import { ed25519, mlDsa44, sha256 } from '#platform';
import type { SignatureScheme } from './platform/platform.ts';
import {
  checkpointSubtreeMessage,
  cosignatureMessage,
  formatCosignature,
  parseCosignature,
} from './cosignature.ts';
import { concatBytes, fromBase64, quoteShort, toBase64, utf8 } from './encoding.ts';
import { TlogError } from './errors.ts';
import { isKeyName, parseKeyId, type NoteSigner, type NoteVerifier } from './note.ts';

/**
 * `ed25519` (0x01) signs any text and is what a log signs its checkpoints with. `ed25519-cosignature`
 * (0x04) and `ml-dsa-44` (0x06) sign checkpoints only, with the time; the latter serves logs and witnesses.
 */
export type NoteAlgorithm = 'ed25519' | 'ed25519-cosignature' | 'ml-dsa-44';

/** What this runtime can verify. Where `mlDsa44` is false, such signatures stay unverified. */
export const CAPABILITIES: { readonly mlDsa44: boolean } = Object.freeze({
  mlDsa44: mlDsa44 !== null,
});

export interface SignerOptions {
  /** Milliseconds since 1970, for the algorithms that state a time. */
  readonly now?: () => number;
}

interface AlgorithmEntry {
  readonly algorithm: NoteAlgorithm;
  /** The signature type byte of signed-note. */
  readonly type: number;
  readonly publicKeySize: number;
  readonly scheme: SignatureScheme | null;
  /** What is signed for a text, or null when the text is signed as it is, without a time. */
  readonly timedMessage: ((text: Uint8Array, name: string, time: number) => Uint8Array) | null;
}

const ALGORITHMS: readonly AlgorithmEntry[] = [
  {
    algorithm: 'ed25519',
    type: 0x01,
    publicKeySize: 32,
    scheme: ed25519,
    timedMessage: null,
  },
  {
    algorithm: 'ed25519-cosignature',
    type: 0x04,
    publicKeySize: 32,
    scheme: ed25519,
    timedMessage: (text, _name, time) => cosignatureMessage(text, time),
  },
  {
    algorithm: 'ml-dsa-44',
    type: 0x06,
    publicKeySize: 1312,
    scheme: mlDsa44,
    timedMessage: checkpointSubtreeMessage,
  },
];

const SIGNER_PREFIX = 'PRIVATE+KEY+';
const SEED_SIZE = 32;

/**
 * Returns the key ID: the first four bytes of SHA-256(name || newline || type || public key), as a number.
 */
export function noteKeyId(name: string, type: number, publicKey: Uint8Array): number {
  return parseKeyId(sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey)));
}

/**
 * Returns the verifier of a vkey. Accepts exactly one spelling, and only when its key ID is that of its key.
 * @throws TlogError `key_malformed`; `key_unsupported` for an algorithm unknown to this package
 */
export function parseVerifierKey(vkey: string): NoteVerifier {
  const { name, keyId, type, key } = parseKey(vkey, 'verifier key', (text) => quoteShort(text));
  const entry = entryOf(type, name);
  if (key.length !== entry.publicKeySize) {
    throw malformed(
      `verifier key ${quoteShort(name)}: expected ${entry.publicKeySize} bytes, got ${key.length}`,
    );
  }
  checkKeyId('verifier key', name, keyId, noteKeyId(name, type, key));
  return makeVerifier(entry, name, key);
}

/**
 * Returns the signer of an skey. Messages of errors never contain any of it but the name.
 * @throws TlogError `key_malformed`; `key_unsupported` where this runtime cannot sign with it
 */
export function parseSignerKey(skey: string, { now = Date.now }: SignerOptions = {}): NoteSigner {
  if (!skey.startsWith(SIGNER_PREFIX)) {
    throw malformed(`signer key: expected it to start with ${SIGNER_PREFIX}`);
  }
  const { name, keyId, type, key } = parseKey(
    skey.slice(SIGNER_PREFIX.length),
    'signer key',
    () => 'something else',
  );
  const entry = entryOf(type, name);
  const scheme = schemeOf(entry);
  if (key.length !== SEED_SIZE) {
    throw malformed(`signer key ${quoteShort(name)}: expected 32 bytes, got ${key.length}`);
  }
  const publicKey = scheme.publicKey(key);
  checkKeyId('signer key', name, keyId, noteKeyId(name, type, publicKey));
  const sign = scheme.signer(key);
  const { timedMessage } = entry;
  return {
    name,
    keyId,
    verifier: makeVerifier(entry, name, publicKey),
    sign(text) {
      if (timedMessage === null) return sign(text);
      const time = Math.floor(now() / 1000);
      return formatCosignature(time, sign(timedMessage(text, name, time)));
    },
  };
}

/**
 * Returns a new skey. The seed is 32 random bytes unless given.
 * @throws TlogError `key_malformed` for a name that a key may not have; `key_unsupported`
 */
export function generateSignerKey(
  name: string,
  algorithm: NoteAlgorithm = 'ed25519',
  seed: Uint8Array = crypto.getRandomValues(new Uint8Array(SEED_SIZE)),
): string {
  if (!isKeyName(name)) {
    throw malformed(
      `key name: expected no white space, control character or plus, got ${quoteShort(name)}`,
    );
  }
  if (seed.length !== SEED_SIZE) {
    throw new RangeError(`seed: expected 32 bytes, got ${seed.length}`);
  }
  const entry = ALGORITHMS.find((candidate) => candidate.algorithm === algorithm);
  if (entry === undefined) throw new TypeError(`algorithm: got ${quoteShort(algorithm)}`);
  const keyId = noteKeyId(name, entry.type, schemeOf(entry).publicKey(seed));
  return SIGNER_PREFIX + formatKey(name, keyId, entry.type, seed);
}

function makeVerifier(entry: AlgorithmEntry, name: string, publicKey: Uint8Array): NoteVerifier {
  const keyId = noteKeyId(name, entry.type, publicKey);
  const { timedMessage } = entry;
  const verify = entry.scheme?.verifier(publicKey);
  return Object.freeze<NoteVerifier>({
    name,
    keyId,
    vkey: formatKey(name, keyId, entry.type, publicKey),
    supported: verify !== undefined,
    timed: timedMessage !== null,
    verify(text, signature) {
      if (verify === undefined) return false;
      if (timedMessage === null) return verify(text, signature);
      let message: Uint8Array;
      let inner: Uint8Array;
      try {
        const cosignature = parseCosignature(signature);
        message = timedMessage(text, name, cosignature.time);
        inner = cosignature.signature;
      } catch (error) {
        if (error instanceof TlogError) return false; // no checkpoint, or no time
        throw error;
      }
      return verify(message, inner);
    },
  });
}

function formatKey(name: string, keyId: number, type: number, key: Uint8Array): string {
  const id = keyId.toString(16).padStart(8, '0');
  return `${name}+${id}+${toBase64(concatBytes(Uint8Array.of(type), key))}`;
}

/** Splits at the first two pluses: base64 may contain more. */
function parseKey(
  text: string,
  what: string,
  show: (text: string) => string,
): { name: string; keyId: number; type: number; key: Uint8Array } {
  const first = text.indexOf('+');
  const second = text.indexOf('+', first + 1);
  const name = text.slice(0, Math.max(first, 0));
  const id = text.slice(first + 1, second);
  if (first === -1 || second === -1 || !isKeyName(name)) {
    throw malformed(`${what}: expected name+key ID+base64, got ${show(text)}`);
  }
  if (!/^[0-9a-f]{8}$/.test(id)) {
    throw malformed(
      `${what} ${quoteShort(name)}: expected a key ID of 8 lower-case hex digits, got ${show(id)}`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = fromBase64(text.slice(second + 1));
  } catch {
    throw malformed(`${what} ${quoteShort(name)}: the key is not base64`); // no cause: it may quote a seed
  }
  const [type] = bytes;
  if (type === undefined) throw malformed(`${what} ${quoteShort(name)}: the key is empty`);
  return { name, keyId: Number.parseInt(id, 16), type, key: bytes.slice(1) };
}

function entryOf(type: number, name: string): AlgorithmEntry {
  const entry = ALGORITHMS.find((candidate) => candidate.type === type);
  if (entry === undefined) {
    throw new TlogError(
      'key_unsupported',
      `key ${quoteShort(name)}: expected type ${ALGORITHMS.map((known) => known.type).join(', ')}, got ${type}`,
    );
  }
  return entry;
}

function schemeOf({ algorithm, scheme }: AlgorithmEntry): SignatureScheme {
  if (scheme === null) {
    throw new TlogError('key_unsupported', `this runtime has no ${algorithm}`);
  }
  return scheme;
}

function checkKeyId(what: string, name: string, expected: number, got: number): void {
  if (expected !== got) {
    throw malformed(
      `${what} ${quoteShort(name)}: expected the key of ID ${hexId(expected)}, got ${hexId(got)}`,
    );
  }
}

function hexId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}

function malformed(message: string): TlogError {
  return new TlogError('key_malformed', message);
}

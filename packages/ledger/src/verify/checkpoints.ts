import {
  EMPTY_ROOT,
  openNote,
  parseCheckpoint,
  parseNote,
  TlogError,
  type Hash,
  type NoteVerifier,
} from '@countersign/tlog';
import { messageOf } from '../errors.ts';
import type { LogPaths } from '../layout.ts';
import { withFiles, type CheckedFile } from './files.ts';
import type { Problems } from './verdict.ts';

/** What a checkpoint says, and whose signatures under it are valid. */
export interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  /** Keys that signed, by name and key ID in hex. */
  readonly signedBy: readonly string[];
  /** Of these, those of others than the log: witnesses. */
  readonly witnesses: readonly string[];
  /** Signatures by keys that were not given: neither valid nor invalid. */
  readonly unknown: readonly string[];
}

const UNREADABLE: SignedCheckpoint = {
  origin: '',
  size: 0,
  root: EMPTY_ROOT,
  signedBy: [],
  witnesses: [],
  unknown: [],
};

/**
 * Reads the log's checkpoint. What can be read is returned even when its signature is wrong, so that the rest can be
 * looked at all the same.
 */
export function readSignedCheckpoint(
  paths: LogPaths,
  verifiers: readonly NoteVerifier[],
  problems: Problems,
): SignedCheckpoint {
  return withFiles([paths.checkpoint], ([opened]) => {
    const file = opened as CheckedFile;
    if (!file.exists || file.size > MAX_NOTE_BYTES) {
      const message = file.exists
        ? `expected ${MAX_NOTE_BYTES} bytes at most, got ${file.size}`
        : 'there is no such file';
      problems.add({ kind: 'tampered', file: 'checkpoint', message });
      return UNREADABLE;
    }
    const bytes = file.read(0, file.size);
    return readNote(bytes, 'checkpoint', verifiers, problems) ?? UNREADABLE;
  });
}

/** More than all the signatures a note can have. */
const MAX_NOTE_BYTES = 1 << 20;

/** Reads an older checkpoint that somebody kept. It must be of this log. */
export function readSince(
  note: string,
  { origin }: SignedCheckpoint,
  verifiers: readonly NoteVerifier[],
  problems: Problems,
): SignedCheckpoint | null {
  const since = readNote(note, 'the older checkpoint', verifiers, problems);
  if (since !== null && since.origin !== origin) {
    problems.add({
      kind: 'unverifiable',
      message: `the older checkpoint is of the log "${since.origin}", not "${origin}"`,
    });
    return null;
  }
  return since;
}

function readNote(
  note: Uint8Array | string,
  what: string,
  verifiers: readonly NoteVerifier[],
  problems: Problems,
): SignedCheckpoint | null {
  const file = what === 'checkpoint' ? { file: 'checkpoint', offset: 0 } : {};
  try {
    const opened = openNote(note, verifiers);
    const checkpoint = parseCheckpoint(opened.text);
    const { origin } = checkpoint;
    const ofLog = opened.verified.filter(({ name }) => name === origin);
    if (ofLog.length === 0) {
      const message = `${what}: its origin is "${origin}", but no key of that name signed it`;
      problems.add({ kind: 'tampered', ...file, message });
    }
    // A signature that was stripped, or made to look like another key's, must not go unnoticed.
    for (const { name, keyId, supported } of verifiers) {
      if (name !== origin) continue;
      if (!supported) {
        const message = `${what}: this runtime can't check signatures of ${keyName({ name, keyId })}`;
        problems.add({ kind: 'unverifiable', ...file, message });
      } else if (!ofLog.some((signature) => signature.keyId === keyId)) {
        const message = `${what}: ${keyName({ name, keyId })} has not signed it`;
        problems.add({ kind: 'tampered', ...file, message });
      }
    }
    return {
      ...checkpoint,
      signedBy: opened.verified.map(keyName),
      witnesses: opened.verified.filter(({ name }) => name !== origin).map(keyName),
      unknown: opened.unverified.map(keyName),
    };
  } catch (error) {
    const kind =
      error instanceof TlogError && error.code === 'note_unsigned' ? 'unverifiable' : 'tampered';
    problems.add({ kind, ...file, message: `${what}: ${messageOf(error)}` });
    return readUnsigned(note);
  }
}

function readUnsigned(note: Uint8Array | string): SignedCheckpoint | null {
  try {
    return { ...parseCheckpoint(parseNote(note).text), signedBy: [], witnesses: [], unknown: [] };
  } catch {
    return null;
  }
}

function keyName({ name, keyId }: { readonly name: string; readonly keyId: number }): string {
  return `${name}+${keyId.toString(16).padStart(8, '0')}`;
}

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  generateSignerKey,
  parseSignerKey,
  type NoteSigner,
  type NoteVerifier,
} from '@countersign/tlog';

/** The log's keys: what signs, what verifies, and the verifier keys as an auditor is given them. */
export interface LogKeys {
  /** The log's origin: first line of every checkpoint and name of its first key. */
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  readonly verifiers: readonly NoteVerifier[];
  readonly vkeys: readonly string[];
}

/** The keys cannot be used. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
  readonly code: 'key_missing' | 'key_malformed' | 'key_exposed';
  readonly file: string;
  constructor(code: KeyFileError['code'], file: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
  }
}

/** Where things are in a data folder. */
export function dataPaths(dataDir: string) {
  return {
    log: join(dataDir, 'log'),
    index: join(dataDir, 'index.db'),
    state: join(dataDir, 'state.db'),
    keys: join(dataDir, 'keys'),
    signedAudit: join(dataDir, 'logs', 'signedAudit'),
    signedAuditJournal: join(dataDir, 'logs', 'signedAudit.journal'),
    signerKey: join(dataDir, 'keys', 'log.skey'),
    verifierKey: join(dataDir, 'keys', 'log.vkey'),
  } as const;
}

/** Makes the keys unless they are there: folder 0700, files 0600, durable before anybody hears of them. */
export async function createLogKeys(dataDir: string, origin: string | null): Promise<void> {
  const paths = dataPaths(dataDir);
  await mkdir(paths.keys, { recursive: true, mode: 0o700 });
  await chmod(paths.keys, 0o700);
  if (await exists(paths.signerKey)) {
    // A first start that was interrupted between the two files.
    if (!(await exists(paths.verifierKey))) {
      const lines = (await readFile(paths.signerKey, 'utf8'))
        .split('\n')
        .filter((line) => line !== '');
      await writeVerifierKeys(
        paths.verifierKey,
        lines.map((line) => parseSignerKey(line)),
      );
    }
    return;
  }
  if (await exists(paths.log)) {
    throw new KeyFileError(
      'key_missing',
      paths.signerKey,
      `there is a log in ${paths.log}, but not the key that signs it: expected ${paths.signerKey}`,
    );
  }
  const name = origin ?? `countersign.local/${randomBytes(4).toString('hex')}`;
  const signer = generateSignerKey(name);
  await createFile(paths.signerKey, `${signer}\n`);
  await writeVerifierKeys(paths.verifierKey, [parseSignerKey(signer)]);
}

/**
 * Reads the log's keys, one per line of `keys/log.skey`. Throws {@link KeyFileError}: missing, malformed, or
 * readable by others than the owner.
 */
export async function loadLogKeys(dataDir: string): Promise<LogKeys> {
  const paths = dataPaths(dataDir);
  const file = paths.signerKey;
  let text: string;
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const got = (mode & 0o777).toString(8).padStart(4, '0');
      throw new KeyFileError(
        'key_exposed',
        file,
        `${file}: expected mode 0600, got ${got}; run: chmod 600 ${file}`,
      );
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    throw new KeyFileError(
      'key_missing',
      file,
      `couldn't read the log's signing key ${file}`,
      error,
    );
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const signers = lines.map((line, i) => {
    try {
      return parseSignerKey(line);
    } catch (error) {
      // The cause may repeat the key: only its place is told.
      const why = error instanceof Error ? error.name : 'error';
      throw new KeyFileError(
        'key_malformed',
        file,
        `${file}, line ${i + 1}: not a signer key (${why})`,
      );
    }
  });
  const first = signers[0];
  if (first === undefined)
    throw new KeyFileError('key_malformed', file, `${file}: expected a signer key, got nothing`);
  const foreign = signers.find((signer) => signer.name !== first.name);
  if (foreign !== undefined) {
    throw new KeyFileError(
      'key_malformed',
      file,
      `${file}: key name is "${foreign.name}", not "${first.name}"`,
    );
  }
  const verifiers = signers.map((signer) => signer.verifier);
  return {
    origin: first.name,
    signers,
    verifiers,
    vkeys: verifiers.map((verifier) => verifier.vkey),
  };
}

async function writeVerifierKeys(path: string, signers: readonly NoteSigner[]): Promise<void> {
  await createFile(path, signers.map((signer) => `${signer.verifier.vkey}\n`).join(''));
}

/** Writes a new file 0600 and syncs it and its folder; an existing one is an error. */
async function createFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

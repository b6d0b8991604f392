import { posix } from 'node:path';
import type { StoreKind } from '../database/store-schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import { matchesPattern } from './file-pattern.ts';
import type { StoreFiles } from './files/store-files.ts';
import { isAlias, malformed, type Entry, type Found } from './formats/found.ts';
import { inventoryPem, putPem, removePem, type PemTexts } from './formats/pem-store.ts';
import { inventoryPkcs12, putPkcs12, removePkcs12 } from './formats/pkcs12-store.ts';

/** A store with everything needed to work at it. */
export interface OpenStore {
  readonly path: string;
  readonly kind: StoreKind;
  readonly filePattern: string;
  readonly separateKeys: boolean;
  readonly keyPath: string | null;
  /** Of the PKCS#12 file; opens encrypted keys in PEM. */
  readonly password: string | null;
  readonly createIfMissing: boolean;
  readonly files: StoreFiles;
}

/** What is put into a store, and under which name; null in a PEM file. */
export interface PlacedEntry extends Entry {
  readonly alias: string | null;
}

/** Largest file of certificates that is read, bytes. */
const MAX_FILE = 4 * 1024 * 1024;
/** Most files of a folder that are read. */
const MAX_FILES = 1_000;

/** Everything in a store; what is missing is empty if it may be made. Throws `store_malformed` and what files throw. */
export async function inventoryOf(store: OpenStore): Promise<Found[]> {
  const { kind, path, files } = store;
  switch (kind) {
    case 'pem-file': {
      const texts = await readTexts(store, path, keyPathOf(store, path));
      if (texts.main === null) return missing(store);
      return inventoryPem(texts, pemOptions(store, path, []));
    }
    case 'pem-folder': {
      const names = await namesIn(store);
      if (names === null) return missing(store);
      const found: Found[] = [];
      for (const name of names) found.push(...(await inventoryFile(store, name)));
      return found;
    }
    case 'pkcs12-file': {
      const file = await files.read(path, MAX_FILE);
      if (file === null) return missing(store);
      return await inventoryPkcs12(file, passwordOf(store));
    }
  }
}

/** Puts a certificate into a store. Doing it twice is doing it once; nothing is written where nothing changes. */
export async function putInto(store: OpenStore, entry: PlacedEntry): Promise<void> {
  const { kind, path, files } = store;
  const opening = entry.entryPassword === null ? [] : [entry.entryPassword];
  switch (kind) {
    case 'pem-file': {
      const keyPath = keyPathOf(store, path);
      const before = await readTexts(store, path, keyPath);
      if (before.main === null) missing(store);
      const options = pemOptions(store, path, opening);
      const after = putPem(before, entry, { ...options, alias: entry.alias });
      return await writeTexts(store, { path, keyPath, before, after });
    }
    case 'pem-folder': {
      if ((await namesIn(store)) === null) {
        missing(store);
        await files.makeFolder(path);
      }
      const file = fileOf(store, entry.alias);
      const keyPath = keyPathOf(store, file);
      const before = await readTexts(store, file, keyPath);
      const options = { ...pemOptions(store, file, opening), single: true };
      const after = putPem(before, entry, { ...options, alias: entry.alias });
      return await writeTexts(store, { path: file, keyPath, before, after });
    }
    case 'pkcs12-file': {
      const file = await files.read(path, MAX_FILE);
      if (file === null) missing(store);
      const alias = entry.alias ?? entry.certificate.fingerprint;
      const after = await putPkcs12(file, { password: passwordOf(store) }, { ...entry, alias });
      if (after !== null) await files.replace(path, after, PRIVATE);
    }
  }
}

/** Takes an entry out of a store, if it is there. */
export async function removeFrom(
  store: OpenStore,
  entry: { readonly alias: string; readonly fingerprint: string },
): Promise<void> {
  const { kind, path, files } = store;
  switch (kind) {
    case 'pem-file':
      return await removeText(store, path, entry.fingerprint, false);
    case 'pem-folder':
      return await removeText(store, fileOf(store, entry.alias), entry.fingerprint, true);
    case 'pkcs12-file': {
      const file = await files.read(path, MAX_FILE);
      if (file === null) return;
      const after = await removePkcs12(file, { password: passwordOf(store) }, entry.alias);
      if (after !== null) await files.replace(path, after, PRIVATE);
    }
  }
}

const PRIVATE = 0o600;
const PUBLIC = 0o644;

async function removeText(
  store: OpenStore,
  path: string,
  fingerprint: string,
  single: boolean,
): Promise<void> {
  const keyPath = keyPathOf(store, path);
  const before = await readTexts(store, path, keyPath);
  if (before.main === null) return;
  const options = { ...pemOptions(store, path, []), single };
  const after = removePem(before, fingerprint, options);
  // A file of a folder goes with what was in it; the one file of a store stays, empty.
  const left = after.main === null && !single ? { ...after, main: '' } : after;
  await writeTexts(store, { path, keyPath, before, after: left });
}

/** A file of a folder: one entry, called by the file's name. */
async function inventoryFile(store: OpenStore, name: string): Promise<Found[]> {
  const path = posix.join(store.path, name);
  const texts = await readTexts(store, path, keyPathOf(store, path));
  const found = inventoryPem(texts, { ...pemOptions(store, path, []), single: true });
  const first = found.findIndex(({ hasPrivateKey }) => hasPrivateKey);
  const own = first === -1 ? found.findIndex(({ chainPosition }) => chainPosition === 0) : first;
  return found.map((one, i) => ({
    ...one,
    alias: name,
    chainPosition: i === own ? 0 : Math.max(1, one.chainPosition),
  }));
}

async function namesIn({ files, path, filePattern }: OpenStore): Promise<string[] | null> {
  const entries = await files.list(path);
  if (entries === null) return null;
  const names = entries
    .filter(({ kind, name }) => kind === 'file' && isAlias(name))
    .filter(({ name }) => matchesPattern(name, filePattern) && !name.startsWith('.'))
    .map(({ name }) => name);
  if (names.length > MAX_FILES)
    throw malformed(path, `expected at most ${MAX_FILES} files like ${filePattern}, got more`);
  return names;
}

async function readTexts(
  { files }: OpenStore,
  path: string,
  keyPath: string | null,
): Promise<PemTexts> {
  const main = (await files.read(path, MAX_FILE))?.toString('latin1') ?? null;
  if (keyPath === null) return { main };
  return { main, keys: (await files.read(keyPath, MAX_FILE))?.toString('latin1') ?? null };
}

/** The key first: a certificate without its key is of no use to whoever reads both when only one is written. */
async function writeTexts(
  { files }: OpenStore,
  change: {
    readonly path: string;
    readonly keyPath: string | null;
    readonly before: PemTexts;
    readonly after: PemTexts;
  },
): Promise<void> {
  const { path, keyPath, before, after } = change;
  if (keyPath !== null && (after.keys ?? null) !== (before.keys ?? null))
    await writeText(files, keyPath, after.keys ?? null, before.keys ?? null);
  if (after.main !== before.main) await writeText(files, path, after.main, before.main);
}

async function writeText(
  files: StoreFiles,
  path: string,
  text: string | null,
  before: string | null,
): Promise<void> {
  if (text === null) return await files.remove(path);
  if (text === '' && before === null) return;
  const mode = text.includes('PRIVATE KEY') ? PRIVATE : PUBLIC;
  await files.replace(path, Buffer.from(text, 'latin1'), mode);
}

/** Where the private key of a PEM file is; null: in it. */
function keyPathOf({ separateKeys, keyPath }: OpenStore, path: string): string | null {
  if (!separateKeys) return null;
  const { dir, name } = posix.parse(path);
  return keyPath ?? posix.join(dir, `${name}.key`);
}

function fileOf({ path }: OpenStore, alias: string | null): string {
  // Aliases are checked when the work is scheduled; this one would lead out of the folder.
  if (alias === null || alias.includes('/') || alias.startsWith('.'))
    throw faultyField('alias', 'the name of a file', JSON.stringify(alias));
  return posix.join(path, alias);
}

function pemOptions({ password }: OpenStore, what: string, opening: readonly string[]) {
  const passwords = [...opening, ...(password === null ? [] : [password])];
  return { what, passwords, single: false };
}

function passwordOf({ path, password }: OpenStore): string {
  if (password !== null) return password;
  throw new ServerError(
    'file_password_wrong',
    `${path}: a PKCS#12 file has a password: expected it to be set for the store, got none`,
  );
}

function missing({ path, createIfMissing }: OpenStore): Found[] {
  if (createIfMissing) return [];
  throw malformed(path, 'is not there, and the store says that it is not to be made');
}

import { posix } from 'node:path';
import type { StoreKind } from '../database/store-schema.ts';
import { DerError, DerReader, readNumber, readWhole, TAG } from '../ca/der.ts';
import { ServerError } from '../errors.ts';
import { matchesPattern } from './file-pattern.ts';
import { faultOfPath, type StoreFiles } from './files/store-files.ts';
import { splitPem } from './formats/pem-text.ts';

/** A type of stores that is looked for. */
export interface Sought {
  readonly name: string;
  readonly kind: StoreKind;
  readonly filePattern: string;
}

/** Something that is a store by the look of it. */
export interface Discovered {
  readonly path: string;
  readonly type: string;
}

const MAX_DEPTH = 8;
const MAX_FOLDERS = 2_000;
const MAX_READ = 5_000;
/** Most stores of one discovery. */
export const MAX_DISCOVERED = 500;
const MAX_FILE = 1024 * 1024;

/**
 * Looks through a folder and those below it for stores: files whose name is like the type's pattern and that hold what
 * the type says. Links are not followed; what cannot be read is passed over. The first type that fits has the file.
 *
 * @throws ServerError `not_found` where there is no such folder
 */
export async function discoverStores(
  files: StoreFiles,
  root: string,
  types: readonly Sought[],
): Promise<Discovered[]> {
  if ((await files.list(root)) === null)
    throw new ServerError('store_malformed', `${root}: there is no such folder`);
  const found: Discovered[] = [];
  const pending = [{ path: root, depth: 0 }];
  let folders = 0;
  let read = 0;
  for (let folder = pending.shift(); folder !== undefined; folder = pending.shift()) {
    if ((folders += 1) > MAX_FOLDERS || found.length >= MAX_DISCOVERED) break;
    const entries = (await passed(files.list(folder.path))) ?? [];
    let withCertificates: string | null = null;
    for (const { name, kind } of entries) {
      const path = posix.join(folder.path, name);
      if (name.startsWith('.') || faultOfPath(path) !== null) continue;
      if (kind === 'folder' && folder.depth < MAX_DEPTH)
        pending.push({ path, depth: folder.depth + 1 });
      const candidates = types.filter((type) => matchesPattern(name, type.filePattern));
      if (kind !== 'file' || candidates.length === 0 || (read += 1) > MAX_READ) continue;
      const held = contentOf(await passed(files.read(path, MAX_FILE)));
      const type = candidates.find((one) => one.kind === held);
      if (type !== undefined && found.length < MAX_DISCOVERED)
        found.push({ path, type: type.name });
      if (held === 'pem-file')
        withCertificates ??= candidates.find((one) => one.kind === 'pem-folder')?.name ?? null;
    }
    if (withCertificates !== null && found.length < MAX_DISCOVERED)
      found.push({ path: folder.path, type: withCertificates });
  }
  return found;
}

/** What a file is by its content. */
function contentOf(file: Buffer | null): StoreKind | null {
  if (file === null) return null;
  const stretches = splitPem(file.toString('latin1'));
  if (stretches.some(({ certificate }) => certificate !== null)) return 'pem-file';
  try {
    const whole = new DerReader(readWhole(file, TAG.sequence).content);
    const version = readNumber(whole.next(TAG.integer));
    return version === 3 && whole.peek() === TAG.sequence ? 'pkcs12-file' : null;
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

/** What cannot be read is no store; a machine that is gone ends the search. */
async function passed<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServerError && error.code !== 'store_unreachable') return null;
    throw error;
  }
}

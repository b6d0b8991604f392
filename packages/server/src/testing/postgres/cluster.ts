import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findBinaries, type Binaries } from './binaries.ts';

/** A PostgreSQL of the tests' own, reachable by a socket in its folder and by nothing else. */
export interface Cluster {
  readonly dir: string;
  /** The process that starts all others. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Whether the data survives the machine is nothing a test asks; what survives PostgreSQL's own crash is there. */
const FOR_TESTS = [
  ['fsync', 'off'],
  ['full_page_writes', 'off'],
];

const SETTINGS = [
  ['listen_addresses', ''],
  ['max_connections', '200'],
  ['shared_buffers', '64MB'],
  ['max_wal_size', '4GB'],
  ['autovacuum', 'off'],
  ['logging_collector', 'off'],
];

/** A folder for a cluster. */
export async function clusterFolder(): Promise<string> {
  // Short: the path of a socket has 107 bytes at most.
  return await mkdtemp(join(tmpdir(), 'cs-pg-'));
}

/** The URL of a database of the cluster in a folder. */
export function databaseUrl(dir: string, database: string): string {
  return `postgres://postgres@${encodeURIComponent(dir)}/${encodeURIComponent(database)}`;
}

/**
 * Makes a cluster in its folder and starts it: about three seconds. It ends with this process, however that ends. With
 * `durableIn`, an empty folder, its data is there, and committed when it is on the disk.
 */
export async function startCluster(
  dir: string,
  { durableIn }: { readonly durableIn?: string } = {},
): Promise<Cluster> {
  const binaries = await findBinaries(dir);
  const { uid, gid = 0 } = binaries.as;
  for (const folder of durableIn === undefined ? [dir] : [dir, durableIn])
    if (uid !== undefined) await chown(folder, uid, gid);
  await chmod(dir, 0o755);
  const data = join(durableIn ?? dir, 'data');
  await initialize(binaries, data);
  const settings = [
    ...SETTINGS,
    ...(durableIn === undefined ? FOR_TESTS : []),
    ['unix_socket_directories', dir],
  ].flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // The shell outlives us by a moment: when our end of its input is closed, it ends PostgreSQL and removes the folder.
  const script = 'dir=$1; shift; "$@" & cat >/dev/null; kill -QUIT $!; wait $!; rm -rf "$dir"';
  const shell = spawn('sh', ['-c', script, 'sh', dir, binaries.postgres, '-D', data, ...settings], {
    ...binaries.as,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
    env: ENVIRONMENT,
  });
  await ready(shell);
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return {
    dir,
    pid,
    stop: async () => {
      shell.stdin?.end();
      if (shell.exitCode === null) await once(shell, 'exit');
    },
  };
}

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

async function initialize({ initdb, as }: Binaries, data: string): Promise<void> {
  const flags = ['--no-sync', '--no-instructions', '--locale=C', '--encoding=UTF8', '--auth=trust'];
  const child = spawn(initdb, ['-D', data, '-U', 'postgres', ...flags], {
    ...as,
    cwd: '/',
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`initdb ended with ${status}: ${said}`);
}

/** Resolves when PostgreSQL says that it takes connections; goes on reading, so that it never waits for us. */
async function ready(shell: ChildProcess): Promise<void> {
  const said: string[] = [];
  if (shell.stderr === null) throw new Error('PostgreSQL says nothing');
  const lines = createInterface({ input: shell.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('ready to accept connections')) resolve();
      else if (said.length < 100) said.push(line);
    });
    shell.once('error', reject);
    lines.once('close', () => reject(new Error(`PostgreSQL did not start: ${said.join('\n')}`)));
  });
}

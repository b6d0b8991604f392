import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, mkdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTAL, ROOT } from './paths.ts';

const CACHE = join(ROOT, 'node_modules', '.cache');
const LOCK = join(CACHE, 'countersign-portal.lock');
/** A lock older than this was left behind by a process that was killed. */
const BUILD_MS = 120_000;
/** What the bundle is made from. */
const SOURCES = [
  'packages/{portal,tlog,records}/{src/**,package.json}',
  'packages/portal/{index.html,vite.config.ts,public/**}',
  'package-lock.json',
];

/**
 * Builds the portal unless the build that is there is newer than everything it is made from. Safe to call from many
 * test processes at once: one builds, the others wait.
 *
 * @returns the folder of the build
 */
export async function ensurePortalBuilt(): Promise<string> {
  const dist = join(PORTAL, 'dist');
  if (await isCurrent(dist)) return dist;
  await mkdir(CACHE, { recursive: true });
  const release = await lock();
  try {
    if (!(await isCurrent(dist))) await build();
  } finally {
    await release();
  }
  return dist;
}

async function isCurrent(dist: string): Promise<boolean> {
  const page = join(dist, 'index.html');
  if (!existsSync(page)) return false;
  const builtAt = (await stat(page)).mtimeMs;
  for await (const file of glob(SOURCES, { cwd: ROOT })) {
    if ((await stat(join(ROOT, file))).mtimeMs > builtAt) return false;
  }
  return true;
}

/** A folder can be made only once: that is the lock. */
async function lock(): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(LOCK);
      return () => rmdir(LOCK);
    } catch {
      const age = await stat(LOCK).then(
        (facts) => Date.now() - facts.mtimeMs,
        () => 0,
      );
      if (age > BUILD_MS) await rmdir(LOCK).catch(() => undefined);
      await sleep(100);
    }
  }
}

function build(): Promise<void> {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: PORTAL,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`the portal does not build (exit ${code}):\n${said}`)),
    );
  });
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PORTAL, ROOT } from './paths.ts';

const CACHE = join(ROOT, 'node_modules', '.cache');
const STAMP = join(CACHE, 'countersign-portal');
const LOCK = join(CACHE, 'countersign-portal.lock');
const BUILD_MS = 120_000;
/** What the bundle is made from. */
const SOURCES = ['portal', 'tlog', 'records'].map((name) => join(ROOT, 'packages', name));

/**
 * Builds the portal unless the build that is there was made from the sources as they are now. Safe to call from many
 * test processes at once: one builds, the others wait.
 *
 * @returns the folder of the build
 */
export async function ensurePortalBuilt(): Promise<string> {
  const dist = join(PORTAL, 'dist');
  const wanted = await fingerprint();
  if (await isBuilt(dist, wanted)) return dist;
  await mkdir(CACHE, { recursive: true });
  const release = await lock();
  try {
    if (!(await isBuilt(dist, wanted))) {
      await build();
      await writeFile(STAMP, wanted);
    }
  } finally {
    await release();
  }
  return dist;
}

async function isBuilt(dist: string, wanted: string): Promise<boolean> {
  if (!existsSync(join(dist, 'index.html'))) return false;
  return (await readFile(STAMP, 'utf8').catch(() => '')) === wanted;
}

async function fingerprint(): Promise<string> {
  const digest = createHash('sha256');
  for (const folder of SOURCES) {
    const names = await readdir(folder, { recursive: true });
    for (const name of names.sort()) {
      if (/(^|[/\\])(node_modules|dist|test)([/\\]|$)|\.test\.tsx?$/.test(name)) continue;
      const facts = await stat(join(folder, name));
      if (facts.isFile()) digest.update(`${folder}/${name} ${facts.size} ${facts.mtimeMs}\n`);
    }
  }
  return digest.digest('hex');
}

/** A folder can be made only once: that is the lock. One left behind by a killed process counts as gone after a while. */
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

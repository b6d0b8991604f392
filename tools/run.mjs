#!/usr/bin/env node
// The way in for `npm start`, `npm test` and the other scripts. Plain JavaScript that any Node >= 20 runs:
// it installs what is missing, then hands over to the pinned Node that came with the packages.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

/** Installs exactly what the lockfile says, unless that is what is there already. */
function install() {
  const stamp = join(root, 'node_modules', '.cache', 'countersign-lockfile');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('installing packages …\n');
  const npm = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (npm.status !== 0) {
    process.stderr.write(`npm ci ended with ${npm.error ?? `status ${npm.status}`}\n`);
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** The Node of the lockfile; where no such package exists for the platform, the one running this, if it is new enough. */
function pinnedNode() {
  const pinned = join(bin, windows ? 'node.cmd' : 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  process.stderr.write(
    `Countersign runs on Node 26. There is no packaged build for ${process.platform}-${process.arch}, ` +
      `and the Node running this is ${process.version}: install Node 26 and try again.\n`,
  );
  return process.exit(1);
}

install();
const child = spawn(pinnedNode(), [join(root, 'tools', 'tasks.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  shell: windows,
  env: {
    ...process.env,
    PATH: bin + delimiter + process.env.PATH,
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
  },
});
// Ctrl-C reaches the child through the terminal; a signal sent to this process alone is handed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 143 : 1)));

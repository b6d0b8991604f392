#!/usr/bin/env node
// The way in for `npm start`, `npm test` and the other scripts. Plain JavaScript that any Node >= 20 runs:
// it installs what is missing, then hands over to the pinned Node that came with the packages.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

/** Installs exactly what the lockfile says, unless that is what is there already. */
function install() {
  const stamp = join(root, 'node_modules', '.cache', 'countersign-lockfile');
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('installing packages …\n');
  run(windows ? 'npm.cmd' : 'npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], { shell: windows });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Runs a command to its end and ends with it when it fails. Signals reach the child through the terminal's group. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

install();
const pinned = join(bin, windows ? 'node.cmd' : 'node');
const node = existsSync(pinned) ? pinned : process.execPath;
const major = Number(String(spawnSync(node, ['--version']).stdout).match(/^v(\d+)/)?.[1]);
if (!(major >= 26)) {
  process.stderr.write(`countersign needs Node 26; no pinned build exists for ${process.platform}-${process.arch} and this is ${process.version}\n`);
  process.exit(1);
}
const env = { ...process.env, PATH: bin + (windows ? ';' : ':') + process.env.PATH };
run(node, [join(root, 'tools', 'tasks.ts'), ...process.argv.slice(2)], { env });

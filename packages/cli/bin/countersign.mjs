#!/usr/bin/env node
// The `countersign` command. Plain JavaScript that any Node >= 20 can start: the program itself is TypeScript and
// needs Node 26, which comes with the packages. An older Node hands over to that one and stands in for it:
// same arguments, same streams, signals passed on, same exit code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 26;

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  // Keeps what was compiled for the next command: a quarter of the time to start.
  module.enableCompileCache();
  const { main } = await import('../src/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = findPinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `countersign needs Node ${NEEDED}; this is ${process.version} and no pinned Node is installed beside it (run \`npm ci\` first)\n`,
    );
    process.exitCode = 1;
  } else {
    handOver(node);
  }
}

/** The Node of the packages: `node_modules/.bin/node` of the nearest folder upwards that has one. */
function findPinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', '.bin', name);
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Runs this file again under `node` and ends as it ends. */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child itself; passing it on would make two of one.
  const interrupt = process.stdin.isTTY ? () => undefined : () => child.kill('SIGINT');
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`could not start ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

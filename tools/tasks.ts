import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `npm run …` does, one entry a script. Arguments after `--` are passed on. */
const tasks: Record<string, (args: string[]) => Promise<number>> = {
  async start(args) {
    return (await buildPortalIfStale()) || run('node', [cli, 'start', ...args]);
  },
  async demo(args) {
    return (await buildPortalIfStale()) || run('node', [cli, 'demo', ...args]);
  },
  async build() {
    return buildPortal();
  },
  async check(args) {
    return check(args);
  },
  async test(args) {
    if (args.length > 0) return (await buildPortalIfStale()) || run('vitest', ['run', ...args]);
    // The quick verdict first: types, lint and format fail in seconds.
    return (await check([])) || (await buildPortal()) || run('vitest', ['run']);
  },
  async bench(args) {
    return run('node', [join('bench', 'main.ts'), ...args]);
  },
  async format() {
    return run('oxfmt', []);
  },
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cli = join('packages', 'cli', 'bin', 'countersign.mjs');
const portal = join(root, 'packages', 'portal');

/** Types, lint and format, side by side. Their output is shown only for the ones that fail. */
async function check(args: string[]): Promise<number> {
  const began = performance.now();
  const checks: [name: string, command: string, args: string[]][] = [
    ['types (node)', 'tsc', ['-p', 'tsconfig.json']],
    ['types (pure)', 'tsc', ['-p', 'tsconfig.pure.json']],
    ['types (portal)', 'tsc', ['-p', 'packages/portal/tsconfig.json']],
    ['lint', 'oxlint', ['--type-aware', '--max-warnings=0', ...args]],
    ['format', 'oxfmt', ['--check']],
  ];
  const results = await Promise.all(
    checks.map(async ([name, command, args]) => ({ name, ...(await capture(command, args)) })),
  );
  for (const { name, status, output } of results) {
    if (status !== 0) process.stderr.write(`${output}\ncheck failed: ${name}\n`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const failed = results.filter((result) => result.status !== 0).length;
  process.stderr.write(
    failed === 0
      ? `check: all well (${seconds} s)\n`
      : `check: ${failed} of ${results.length} failed (${seconds} s)\n`,
  );
  return failed === 0 ? 0 : 1;
}

function buildPortal(): Promise<number> {
  return run('vite', ['build', '--logLevel', 'warn'], portal);
}

/** Builds the portal unless what is built is newer than everything it is built from. */
async function buildPortalIfStale(): Promise<number> {
  const built = join(portal, 'dist', 'index.html');
  if (existsSync(built)) {
    const builtAt = (await stat(built)).mtimeMs;
    const sources = [
      'packages/{portal,tlog,records}/{src/**,package.json}',
      'packages/portal/{index.html,vite.config.ts,public/**}',
      'package-lock.json',
    ];
    let newest = 0;
    for await (const file of glob(sources, { cwd: root }))
      newest = Math.max(newest, (await stat(join(root, file))).mtimeMs);
    if (newest < builtAt) return 0;
  }
  process.stderr.write('building the portal …\n');
  return buildPortal();
}

/** Runs a command in the foreground; resolves with its exit status. Signals are handed on, so that a server can end well. */
function run(command: string, args: string[], cwd = root): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    const forward = (): void => void child.kill('SIGTERM');
    const ignore = (): void => {};
    process.on('SIGTERM', forward);
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('SIGTERM', forward);
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
}

function capture(command: string, args: string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) => resolve({ status: code ?? 1, output }));
  });
}

const [name = '', ...args] = process.argv.slice(2);
const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
if (!task) {
  process.stderr.write(`unknown task "${name}"; there are: ${Object.keys(tasks).join(', ')}\n`);
  process.exitCode = 1;
} else {
  process.exitCode = await task(args);
}

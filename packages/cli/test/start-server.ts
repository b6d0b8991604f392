import { spawn, type ChildProcess } from 'node:child_process';
import { CLI } from '@countersign/testing';

const started: Started[] = [];

/** A server in a process of its own, as somebody starts it. */
export interface Started {
  readonly url: string;
  readonly httpsUrl: string | null;
  readonly accounts: readonly { username: string; role: string; password: string | null }[];
  readonly stderr: () => string;
  /** Sends SIGTERM and resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
}

/** Runs `start` or `demo` in `cwd` until it says where it listens. */
export async function startServer(
  cwd: string,
  command: string,
  data: string,
  ...args: string[]
): Promise<Started> {
  const child = spawn(
    process.execPath,
    [CLI, command, '--data', data, '--port', '0', '--json', ...args],
    {
      cwd,
      env: { PATH: process.env['PATH'] },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const line = await firstLine(child, () => stderr);
  const result: Started = {
    ...(JSON.parse(line) as Pick<Started, 'url' | 'httpsUrl' | 'accounts'>),
    stderr: () => stderr,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
  started.push(result);
  return result;
}

function firstLine(child: ChildProcess, stderr: () => string): Promise<string> {
  let stdout = '';
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout.split('\n', 1)[0] ?? '');
    });
    child.on('close', (code) =>
      reject(new Error(`ended with ${code} before it listened: ${stderr()}`)),
    );
  });
}

/** Stops every server that is still running. */
export async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map(async ({ stop }) => await stop()));
}

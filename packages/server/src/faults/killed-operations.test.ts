import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/harness.ts';
import { POINTS, type Seen } from './points.ts';

const CHILD = fileURLToPath(new URL('dying-process.ts', import.meta.url));
interface Ended {
  readonly output: string;
  readonly signal: string | null;
}

/** Runs the process until it has died, or is killed some milliseconds after its first answer. */
async function run(args: readonly string[], killAfter?: number): Promise<Ended> {
  const child = spawn(process.execPath, [CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => {
    if (output === '' && killAfter !== undefined)
      setTimeout(() => child.kill('SIGKILL'), killAfter);
    output += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const signal = await new Promise<string | null>((resolve, reject) =>
    child.on('close', (code, reason) => {
      if (code !== null && code !== 0) reject(new Error(`exit ${code}: ${errors}`));
      else resolve(reason);
    }),
  );
  return { output, signal };
}

async function look(dir: string): Promise<Seen> {
  const { output, signal } = await run([dir, 'look']);
  expect(signal).toBeNull();
  return JSON.parse(output) as Seen;
}

/** Each change has one record, each record its change. */
function expectWhole(seen: Seen): void {
  const { certificates } = seen;
  const sorted = (list: readonly string[]) => [...list].sort();
  expect(sorted(seen.issued)).toEqual(sorted(certificates.map((one) => one.fingerprint)));
  const revoked = certificates.filter(({ state }) => state === 'revoked');
  expect(sorted(seen.revoked)).toEqual(sorted(revoked.map((one) => one.fingerprint)));
  expect(sorted(seen.onLists)).toEqual(sorted(seen.revoked));
  expect(seen.problems).toEqual([]);
}

const folder = await temporaryFolder();

describe('killed', () => {
  test.concurrent('before, in and after a commit: operation and record are both there, or neither is', async () => {
    const dir = join(folder, 'points');
    for (const what of ['enroll', 'revoke'])
      for (const point of POINTS) expect((await run([dir, what, point])).signal).toBe('SIGKILL');
    const seen = await look(dir);
    expectWhole(seen);
    // Beside those of the authorities.
    const made = seen.certificates.filter(({ subject }) => /^CN=(?:enroll|revoke)-/.test(subject));
    expect(made.map(({ subject, state }) => `${subject} ${state}`)).toEqual([
      'CN=enroll-committed active',
      'CN=enroll-appended active',
      'CN=revoke-written active',
      'CN=revoke-torn active',
      'CN=revoke-committed revoked',
      'CN=revoke-appended revoked',
    ]);
  });

  test.concurrent('at any moment: nothing that was answered is lost', async () => {
    const dir = join(folder, 'moments');
    const answered: number[] = [];
    for (let kill = 0; kill < 3; kill += 1) {
      const { output } = await run([dir, 'loop'], Math.floor(Math.random() * 150));
      // The last line may be a part of one.
      const lines = output.split('\n').slice(0, -1);
      answered.push(...lines.flatMap((line) => line.split(' ').map(Number)));
    }
    expect(answered.length).toBeGreaterThanOrEqual(6);
    const seen = await look(dir);
    expectWhole(seen);
    expect(seen.certificates.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  });
});

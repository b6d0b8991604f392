import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { draftOf, TestLog } from './testing/test-log.ts';

const KILLS = 50;
const CHILD = fileURLToPath(new URL('./testing/appending-process.ts', import.meta.url));

interface Acknowledged {
  readonly producer: string;
  readonly seq: number;
  readonly index: number;
}

let files: TestLog;
beforeAll(async () => {
  files = await TestLog.create();
});
afterAll(() => files.remove());

/** Starts the appending process and kills it some milliseconds after it has printed a word. */
async function killAfter(word: string, delayMs: number, seed: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [CHILD, files.dir, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Fifty starts of the same program: compiled once.
    env: { ...process.env, NODE_COMPILE_CACHE: join(files.root, 'compiled') },
  });
  let output = '';
  let errors = '';
  let armed = false;
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (armed || !output.includes(word)) return;
    armed = true;
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const signal = await new Promise((resolve) => child.on('close', (_, reason) => resolve(reason)));
  if (signal !== 'SIGKILL') throw new Error(`the process ended by itself: ${errors}`);
  // What was printed last may have been cut.
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words.length === 3)
    .map(([producer = '', seq, index]) => ({ producer, seq: Number(seq), index: Number(index) }));
}

/** Checks what one or more killed processes left. Returns the log's checkpoint. */
async function checkRemains(unseen: readonly Acknowledged[], since: string): Promise<string> {
  // As it lies there, before anybody opens it: it verifies, and what is not signed yet is told as that.
  const found = await files.verify(since === '' ? {} : { since });
  expect(found.problems.filter(({ kind }) => kind !== 'unsigned')).toEqual([]);
  expect(found.ok).toBe(true);
  const log = await files.open();
  for (const { producer, seq, index } of unseen) {
    const { envelope } = await log.reader.read(index);
    expect(`${envelope.producer} ${envelope.seq} ${index}`).toBe(`${producer} ${seq} ${index}`);
  }
  const last = unseen.at(-1);
  if (last !== undefined) {
    const { producer, seq, index } = last;
    expect(await log.append(producer, [draftOf(seq)])).toEqual([{ seq, index, duplicate: true }]);
  }
  await log.close();
  // Against the checkpoint of the round before: what was there then is there now.
  const verdict = await files.verify(since === '' ? {} : { since });
  expect(verdict.problems).toEqual([]);
  expect(verdict.size).toBe(log.size);
  return log.checkpoint;
}

test(`loses nothing acknowledged when it is killed ${KILLS} times at any moment, also while opening`, async () => {
  const start = Number(process.hrtime.bigint() % 1_000_000n);
  let random = start;
  const below = (limit: number) => (random = (random * 48_271 + 11) % 2_147_483_647) % limit;
  let acknowledged = 0;
  let unseen: Acknowledged[] = [];
  let note = '';
  for (let kill = 0; kill < KILLS; kill += 1) {
    const opening = kill % 4 === 3;
    const delay = below(opening ? 15 : 60);
    unseen.push(...(await killAfter(opening ? 'opening' : 'ready', delay, below(1e6))));
    // Now and then the next process finds what this one left, and may be killed while it looks at it.
    if (kill % 3 === 1 && kill < KILLS - 1) continue;
    note = await checkRemains(unseen, note).catch((cause: unknown) => {
      throw new Error(`after kill ${kill} of the run with seed ${start}: ${String(cause)}`, {
        cause,
      });
    });
    acknowledged += unseen.length;
    unseen = [];
  }
  expect(acknowledged).toBeGreaterThan(KILLS);
  const size = Number(note.split('\n')[1]);
  expect(size).toBeGreaterThanOrEqual(acknowledged);
  await files.check(size);
}, 120_000);

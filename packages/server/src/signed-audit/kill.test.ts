import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/harness.ts';
import { Bench } from './testing/bench.ts';
import { expectWhole, linesOfLog, readFiles, recordLines } from './testing/files.ts';

const KILLS = 30;
const CHILD = fileURLToPath(new URL('./testing/writing-process.ts', import.meta.url));

test(`signed audit files are whole when their writer is killed ${KILLS} times at any moment`, async () => {
  const folder = await temporaryFolder();
  const first = await Bench.create(folder);
  const { privateKey, publicKey } = first.keys;
  await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await first.log.close();

  for (let kill = 0; kill < KILLS; kill += 1) {
    // Every third time while it opens, otherwise while it writes.
    const after = kill % 3 === 0 ? 'start' : 'ready';
    await killAfter(after, Math.floor(Math.random() * (after === 'start' ? 400 : 120)), folder);
    if (kill % 10 !== 9) continue;

    const bench = await Bench.open(folder, first.keys);
    const lying = await readFiles(join(folder, 'signedAudit'));
    // Killed while a file was set aside, it has both names until somebody goes on.
    const once = lying.filter(({ bytes }, i) => {
      const before = lying[i - 1]?.bytes;
      return before === undefined || Buffer.compare(before, bytes) !== 0;
    });
    const found = recordLines(once);
    const lines = await linesOfLog(bench.log);
    // As it lies there: a beginning of the log; the last line may be a part of one.
    expect(lines.slice(0, found.length - 1)).toEqual(found.slice(0, -1));
    const audit = bench.begin(folder);
    await audit.close();
    expect(audit.notice).toBeNull();
    const files = await readFiles(join(folder, 'signedAudit'));
    expect(files.length).toBeGreaterThan(1);
    expectWhole(files, lines, publicKey);
    await bench.log.close();
  }
}, 180_000);

/** Starts the writer and kills it some milliseconds after its start, or after it has begun to write. */
async function killAfter(
  moment: 'start' | 'ready',
  milliseconds: number,
  folder: string,
): Promise<void> {
  const child = spawn(process.execPath, [CHILD, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
  });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const kill = () => setTimeout(() => child.kill('SIGKILL'), milliseconds);
  if (moment === 'start') kill();
  else child.stdout.once('data', kill);
  const signal = await new Promise((resolve) => child.on('close', (_, reason) => resolve(reason)));
  if (signal !== 'SIGKILL') throw new Error(`the process ended by itself: ${errors}`);
}

import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Log } from '@countersign/ledger';
import type { CompleteDraft } from '@countersign/records';
import { Floor } from './floor.ts';
import { createBenchLog } from './log.ts';
import { generateDraft } from './records.ts';
import { median } from './stats.ts';

export interface AppendCase {
  readonly name: string;
  readonly producers: number;
  readonly batch: number;
  /** Records in one round. */
  readonly records: number;
}

export const APPEND_CASES: readonly AppendCase[] = [
  { name: 'batch 1, one producer', producers: 1, batch: 1, records: 1_000 },
  { name: 'batch 1, 16 producers at once', producers: 16, batch: 1, records: 8_000 },
  { name: 'batch 100, one producer', producers: 1, batch: 100, records: 10_000 },
  { name: 'batch 1000, one producer', producers: 1, batch: 1000, records: 20_000 },
];

export interface AppendResult {
  readonly name: string;
  /** Acknowledged records per second, median of the rounds. */
  readonly rate: number;
  readonly floor: number;
  /** Median of the rounds' ratios: each round compares two measurements taken one after the other. */
  readonly ratio: number;
}

/**
 * Acknowledged appends a second beside the floor. Both run in turns, round after round, so that whatever else the
 * machine does hits both.
 */
export async function benchAppend(
  dir: string,
  rounds: number,
  onRound: (text: string) => void,
): Promise<AppendResult[]> {
  await mkdir(dir, { recursive: true });
  const log = await createBenchLog(join(dir, 'append'));
  const floor = new Floor(dir);
  const results: AppendResult[] = [];
  try {
    for (const testCase of APPEND_CASES) {
      const seen: { rate: number; floor: number }[] = [];
      // Round 0 warms up both.
      for (let round = 0; round <= rounds; round++) {
        onRound(`append: ${testCase.name}, round ${round} of ${rounds}`);
        const first = await measureFloor(floor, testCase);
        const rate = await measureLog(log, testCase);
        const second = await measureFloor(floor, testCase);
        if (round > 0) seen.push({ rate, floor: (first + second) / 2 });
      }
      results.push({
        name: testCase.name,
        rate: median(seen.map((s) => s.rate)),
        floor: median(seen.map((s) => s.floor)),
        ratio: median(seen.map((s) => s.rate / s.floor)),
      });
    }
  } finally {
    floor.close();
    await log.close();
  }
  return results;
}

/** Every producer sends its next batch when the last one is acknowledged. */
async function measureLog(log: Log, testCase: AppendCase): Promise<number> {
  const plans = Array.from({ length: testCase.producers }, (_, p) => {
    const name = `bench-${testCase.producers}-${testCase.batch}-${p}`;
    return { name, batches: plan(testCase, log.nextSeq(name)) };
  });
  const started = performance.now();
  await Promise.all(
    plans.map(async ({ name, batches }) => {
      for (const batch of batches) await log.append(name, batch);
    }),
  );
  return testCase.records / ((performance.now() - started) / 1000);
}

/** The floor for producers that wait together is one batch of what they have in hand. */
async function measureFloor(floor: Floor, testCase: AppendCase): Promise<number> {
  const batches = plan(
    { ...testCase, producers: 1, batch: testCase.batch * testCase.producers },
    1,
  );
  const started = performance.now();
  for (const batch of batches) {
    floor.append('bench-floor-1', batch);
    // A caller gets its acknowledgement in a turn of its own here, too.
    await Promise.resolve();
  }
  return testCase.records / ((performance.now() - started) / 1000);
}

function plan({ records, producers, batch }: AppendCase, firstSeq: number): CompleteDraft[][] {
  const count = records / producers;
  const batches: CompleteDraft[][] = [];
  for (let done = 0; done < count; done += batch) {
    batches.push(
      Array.from({ length: batch }, (_, i) => generateDraft(done + i, firstSeq + done + i)),
    );
  }
  return batches;
}

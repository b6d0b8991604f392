import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openIndex, type Log, type LogIndex } from '@countersign/ledger';
import { createBenchLog } from './log.ts';
import { generateDraft } from './records.ts';

const BATCH = 1000;
/** Batches on their way at once: the sequencer always has work, memory stays bounded. */
const IN_FLIGHT = 4;

export interface SustainedResult {
  readonly records: number;
  /** Records a second from the first append until the index holds the last one. */
  readonly rate: number;
  /** Records a second acknowledged. */
  readonly appendRate: number;
  /** The most the index was ever behind. */
  readonly lag: number;
  /** Microseconds of CPU a record, all threads together: other work on the machine changes it little. */
  readonly cpuMicros: number;
  /** Records a second acknowledged where no index follows, and what share of that `rate` is. */
  readonly baseline: number;
  readonly ratio: number;
  readonly logDir: string;
  readonly indexPath: string;
}

/** Records of the baseline, each time. */
const BASELINE_RECORDS = 200_000;

/**
 * Fills a log of `records` records with the index (full text included) following, and waits until it has caught up.
 * Before and after that, a log without an index is filled the same way, for comparison.
 */
export async function benchSustained(
  dir: string,
  records: number,
  onProgress: (done: number) => void,
): Promise<{ result: SustainedResult; index: LogIndex }> {
  const baselineRecords = Math.min(records, BASELINE_RECORDS);
  const before = await measureBaseline(join(dir, 'baseline'), baselineRecords);
  const logDir = join(dir, 'log');
  const indexPath = join(dir, 'index.db');
  const log = await createBenchLog(logDir);
  const index = await openIndex({ path: indexPath, logDir });
  let lag = 0;
  log.onCommit((size) => {
    index.catchUp(size);
    lag = Math.max(lag, size - index.indexedSize());
  });
  const cpu = process.cpuUsage();
  const started = performance.now();
  await fill(log, records, onProgress);
  const appended = performance.now();
  await index.whenIndexed(records);
  const indexed = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  await log.close();
  const after = await measureBaseline(join(dir, 'baseline'), baselineRecords);
  const baseline = (before + after) / 2;
  const rate = records / ((indexed - started) / 1000);
  return {
    result: {
      records,
      rate,
      appendRate: records / ((appended - started) / 1000),
      lag,
      cpuMicros: (user + system) / records,
      baseline,
      ratio: rate / baseline,
      logDir,
      indexPath,
    },
    index,
  };
}

async function measureBaseline(dir: string, records: number): Promise<number> {
  const log = await createBenchLog(dir);
  const started = performance.now();
  await fill(log, records, () => undefined);
  const rate = records / ((performance.now() - started) / 1000);
  await log.close();
  await rm(dir, { recursive: true });
  return rate;
}

async function fill(log: Log, records: number, onProgress: (done: number) => void): Promise<void> {
  const inFlight = new Set<Promise<unknown>>();
  for (let done = 0; done < records; done += BATCH) {
    const count = Math.min(BATCH, records - done);
    const drafts = Array.from({ length: count }, (_, i) => generateDraft(done + i, done + i + 1));
    const sent = log.append('bench', drafts).finally(() => inFlight.delete(sent));
    inFlight.add(sent);
    if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    onProgress(done + count);
  }
  await Promise.all(inFlight);
}

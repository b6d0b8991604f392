import { join } from 'node:path';
import { openIndex, type LogIndex } from '@countersign/ledger';
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
  readonly logDir: string;
  readonly indexPath: string;
}

/** Fills a log of `records` records with the index (full text included) following, and waits until it has caught up. */
export async function benchSustained(
  dir: string,
  records: number,
  onProgress: (done: number) => void,
): Promise<{ result: SustainedResult; index: LogIndex }> {
  const logDir = join(dir, 'log');
  const indexPath = join(dir, 'index.db');
  const log = await createBenchLog(logDir);
  const index = await openIndex({ path: indexPath, logDir });
  let lag = 0;
  log.onCommit((size) => {
    index.catchUp(size);
    lag = Math.max(lag, size - index.indexedSize());
  });
  const inFlight = new Set<Promise<unknown>>();
  const started = performance.now();
  for (let done = 0; done < records; done += BATCH) {
    const count = Math.min(BATCH, records - done);
    const drafts = Array.from({ length: count }, (_, i) => generateDraft(done + i, done + i + 1));
    const sent = log.append('bench', drafts).finally(() => inFlight.delete(sent));
    inFlight.add(sent);
    if (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    onProgress(done + count);
  }
  await Promise.all(inFlight);
  const appended = performance.now();
  await index.whenIndexed(records);
  const indexed = performance.now();
  await log.close();
  return {
    result: {
      records,
      rate: records / ((indexed - started) / 1000),
      appendRate: records / ((appended - started) / 1000),
      lag,
      logDir,
      indexPath,
    },
    index,
  };
}

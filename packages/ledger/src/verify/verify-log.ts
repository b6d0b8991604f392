/**
 * Verifies a whole log with nothing but its folder and public keys: signature, tree, contents, numbering, everything
 * derived, every byte of every file. Reads only, takes no lock, runs beside the writer.
 */
import * as fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NoteVerifier } from '@countersign/tlog';
import { erasedIndex } from '../erase.ts';
import { checkLayout, LAYOUT, logPaths, type Layout } from '../layout.ts';
import { openLogReader } from '../reader.ts';
import { judge } from './axes.ts';
import { readSignedCheckpoint, readSince, type SignedCheckpoint } from './checkpoints.ts';
import type { SegmentTask } from './check-segment.ts';
import { findLeftovers, type Extent } from './leftovers.ts';
import { checkSegments } from './pool.ts';
import { compareIndex } from './compare-index.ts';
import { Problems, type Verdict } from './verdict.ts';
import { WholeLog } from './whole-log.ts';

export interface VerifyLogOptions {
  /** The log's folder, `data/log`. */
  readonly dir: string;
  /** Keys that must have signed the checkpoint: all of those that bear the log's name. Others are witnesses. */
  readonly verifiers: readonly NoteVerifier[];
  /** An older checkpoint of this log: a signed note. The log must extend it. */
  readonly since?: string;
  /** The search index, to be compared with the log. Nothing else in a verdict depends on it. */
  readonly indexPath?: string;
  /** Is told of records checked so far and of all there are. */
  readonly onProgress?: (progress: { readonly records: number; readonly size: number }) => void;
  /** Threads; 0 for none but this one. By default one per core, and none for a small log. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** How long a writer that is at work may take to publish what it has written, in milliseconds. */
  readonly patienceMs?: number;
  /** For tests. */
  readonly layout?: Layout;
}

/** A log this small is checked before threads would have started. */
const SMALL_LOG_RECORDS = 4096;

/** How often a log is verified anew because a content was erased meanwhile. */
const MAX_AGAIN = 3;

/** Rejects only with the signal's reason, or when the folder can't be read; whatever is wrong with the log is in the verdict. */
export async function verifyLog(options: VerifyLogOptions): Promise<Verdict> {
  for (let again = 0; ; again += 1) {
    const { verdict, erasedMeanwhile } = await verifyOnce(options);
    if (!erasedMeanwhile || again === MAX_AGAIN) return verdict;
  }
}

async function verifyOnce({
  dir,
  verifiers,
  since,
  indexPath,
  onProgress,
  workers,
  signal,
  patienceMs = 300,
  layout = LAYOUT,
}: VerifyLogOptions): Promise<{ readonly verdict: Verdict; readonly erasedMeanwhile: boolean }> {
  checkLayout(layout);
  const started = performance.now();
  const problems = new Problems();
  const paths = logPaths(dir);

  // 1. The checkpoint: what the log claims, and who signed it.
  const checkpoint = readSignedCheckpoint(paths, verifiers, problems);
  const older = since === undefined ? null : readSince(since, checkpoint, verifiers, problems);

  // 2. Every segment on its own, in parallel; then what only shows across segments, in order.
  const { size } = checkpoint;
  const whole = new WholeLog({ dir, layout, problems, checkpoint, since: older });
  const tasks = segmentTasks(dir, layout, size, whole.marks);
  const threads =
    workers ?? (size <= SMALL_LOG_RECORDS ? 0 : Math.min(availableParallelism(), tasks.length));
  let records = 0;
  const onRecords = (count: number) => {
    records += count;
    onProgress?.({ records, size });
  };
  for await (const result of checkSegments(tasks, { workers: threads, onRecords, signal })) {
    whole.add(result);
  }
  const findings = await whole.finish();
  const seconds = (performance.now() - started) / 1000;

  // 3. Nothing may lie beside or behind what was checked.
  const grownTo = await checkLeftovers(
    dir,
    layout,
    { checkpoint, verifiers },
    findings.extent,
    patienceMs,
    problems,
  );
  signal?.throwIfAborted();

  // 4. The search index, which is no part of the log.
  const index =
    indexPath === undefined ? null : await compareIndex(indexPath, dir, problems, signal);

  const verdict = {
    ...judge({ checkpoint, since: older, findings, problems, grownTo, index }),
    problems: problems.list,
    problemCount: problems.total,
    seconds,
    recordsPerSecond: seconds > 0 ? Math.round(records / seconds) : 0,
    workers: Math.max(1, threads),
  };
  const erasedMeanwhile = await areExplainedBehind(dir, layout, size, findings.unexplained);
  return { verdict, erasedMeanwhile };
}

/**
 * Whether records behind those that were verified name some of the contents that were found to be zero: then they were
 * erased while the log was being verified, and a checkpoint that covers more explains them.
 */
async function areExplainedBehind(
  dir: string,
  layout: Layout,
  size: number,
  unexplained: ReadonlySet<number>,
): Promise<boolean> {
  if (unexplained.size === 0) return false;
  try {
    const reader = await openLogReader({ dir, layout });
    try {
      const now = await reader.size();
      if (now <= size) return false;
      for await (const records of reader.readRange(size, now)) {
        for (const { envelope, contentBytes } of records) {
          const index = erasedIndex(envelope, contentBytes);
          if (index !== null && unexplained.has(index)) return true;
        }
      }
      return false;
    } finally {
      reader.close();
    }
  } catch {
    return false; // what is behind cannot be read: what was found stands
  }
}

function segmentTasks(
  dir: string,
  layout: Layout,
  size: number,
  marks: readonly number[],
): SegmentTask[] {
  const { segmentRecords } = layout;
  const paths = logPaths(dir);
  const tasks: SegmentTask[] = [];
  for (let segment = 0; segment * segmentRecords < size; segment += 1) {
    const first = segment * segmentRecords;
    const count = Math.min(segmentRecords, size - first);
    const within = marks.filter((mark) => mark > first && mark <= first + count);
    tasks.push({ dir, layout, segment, count, marks: within.map((mark) => mark - first) });
    // One task finds that the segment is missing; a forged size must not make billions of them.
    if (!fs.existsSync(paths.entries(segment))) break;
  }
  return tasks;
}

/**
 * Looks at what is behind the last signed record. A writer may be at work there: what is only on its way is gone, or
 * covered by a larger checkpoint, shortly after. Returns the larger size in that case.
 */
async function checkLeftovers(
  dir: string,
  layout: Layout,
  {
    checkpoint,
    verifiers,
  }: { readonly checkpoint: SignedCheckpoint; readonly verifiers: readonly NoteVerifier[] },
  extent: Extent,
  patienceMs: number,
  problems: Problems,
): Promise<number | null> {
  const paths = logPaths(dir);
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = findLeftovers(dir, layout, { origin: checkpoint.origin, verifiers }, extent);
    if (found.length === 0) return null;
    const again = readSignedCheckpoint(paths, [], new Problems());
    if (again.size > checkpoint.size) return again.size;
    if (performance.now() >= until) {
      problems.add(...found);
      return null;
    }
    await sleep(20);
  }
}

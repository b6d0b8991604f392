import {
  checkIndex,
  verifyLog,
  type IndexReport,
  type Problem,
  type Verdict,
} from '@countersign/ledger';
import type { NoteVerifier } from '@countersign/tlog';
import { exists, type DataFolder } from '../files.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';

export interface FolderVerification {
  readonly folder: DataFolder;
  readonly verifiers: readonly NoteVerifier[];
  readonly since?: string;
  readonly workers?: number;
}

/** A running server adds to the index between two looks at it: only what is wrong each time is wrong. */
const LOOKS = 3;

/** Verifies the log of a data folder, and its search index against the log. */
export async function verifyFolder(
  output: Output,
  verification: FolderVerification,
): Promise<Verdict> {
  const { folder, verifiers, since, workers } = verification;
  const verdict = await withProgress(output, 'verifying', (update) =>
    verifyLog({
      dir: folder.log,
      verifiers,
      onProgress: ({ records, size }) => update(records, size),
      ...(since !== undefined && { since }),
      ...(workers !== undefined && { workers }),
    }),
  );
  // A log that is wrong itself is no measure for its index.
  if (!verdict.ok || !(await exists(folder.index))) return verdict;
  let report = await compareIndex(output, folder);
  for (let look = 1; look < LOOKS && !report.ok; look++)
    report = await compareIndex(output, folder);
  return withIndex(verdict, report);
}

function compareIndex(output: Output, folder: DataFolder): Promise<IndexReport> {
  return withProgress(output, 'comparing the index', (update) =>
    checkIndex({
      path: folder.index,
      logDir: folder.log,
      onProgress: ({ checked, total }) => update(checked, total),
    }),
  );
}

function withIndex(verdict: Verdict, report: IndexReport): Verdict {
  const evidence = report.ok
    ? `the search index agrees with the log on ${report.checked} records`
    : 'the search index does not agree with the log, so searches may mislead: `countersign index rebuild` makes it anew';
  const problems = report.problems.map(({ index, message }): Problem => ({
    kind: 'index',
    file: 'index.db',
    ...(index !== undefined && { index }),
    message,
  }));
  const { integrity } = verdict.axes;
  return {
    ...verdict,
    ok: verdict.ok && report.ok,
    axes: {
      ...verdict.axes,
      integrity: { ...integrity, evidence: [...integrity.evidence, evidence] },
    },
    problems: [...verdict.problems, ...problems],
    problemCount: verdict.problemCount + problems.length,
  };
}

async function withProgress<T>(
  output: Output,
  label: string,
  work: (update: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const progress = createProgress(label, output);
  try {
    return await work(progress.update);
  } finally {
    progress.end();
  }
}

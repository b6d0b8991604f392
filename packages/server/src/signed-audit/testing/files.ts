import { verify, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LogReader } from '@countersign/ledger';
import {
  readRecords,
  verifyFiles,
  type EventNames,
  type LogFile,
  type SeriesReport,
  type SignatureKey,
} from '@countersign/records';
import { sortAuditFiles } from '../file-names.ts';
import { isLine, lineOf } from '../own-lines.ts';

/** The files of a folder as they lie there, oldest first; anything else in it is a fault. */
export async function readFiles(folder: string): Promise<LogFile[]> {
  const names = await readdir(folder);
  const known = sortAuditFiles(names);
  expect(new Set(known)).toEqual(new Set(names));
  return await Promise.all(
    known.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })),
  );
}

/** What the files hold beside signatures, in order. */
export function recordLines(files: readonly LogFile[]): string[] {
  return files.flatMap(({ bytes }) =>
    [...readRecords(bytes)].filter(({ isSigning }) => !isSigning).map(({ text }) => text),
  );
}

/** The lines that a log gives, in its order, read without any of the code that finds them quickly. */
export async function linesOfLog(
  log: { readonly size: number; readonly reader: LogReader },
  names: EventNames = 'current',
): Promise<string[]> {
  const lines: string[] = [];
  if (log.size === 0) return lines;
  for await (const batch of log.reader.readRange(0, log.size)) {
    for (const record of batch) if (isLine(record)) lines.push(lineOf(record, names));
  }
  return lines;
}

/** A key as the verifier of files wants it. */
export function verifierOf(key: KeyObject): SignatureKey {
  return { name: 'audit', verify: (data, signature) => verify('sha256', data, key, signature) };
}

/**
 * Expects files that are whole: every line of the log once and in order, every signature valid, the beginning there,
 * nothing unsigned, nothing ambiguous, and the order of names that of the chain. Returns the verifier's report.
 */
export function expectWhole(
  files: readonly LogFile[],
  lines: readonly string[],
  key: KeyObject,
): SeriesReport {
  expect(recordLines(files)).toEqual(lines);
  for (const { bytes } of files) expect(bytes.at(-1)).toBe(0x0a);
  const report = verifyFiles(files, { keys: [verifierOf(key)] });
  expect(report.problems).toEqual([]);
  expect(report).toMatchObject({
    ok: true,
    verdict: 'valid',
    invalid: 0,
    starts: 1,
    unsignedHead: 0,
    unsignedTail: 0,
    unsignedBetween: 0,
    ambiguous: 0,
  });
  expect(report.files.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  return report;
}

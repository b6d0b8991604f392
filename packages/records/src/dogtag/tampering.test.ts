import { X509Certificate, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { array, assert, constantFrom, nat, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { LogFile } from './file-scan.ts';
import { verifyFiles } from './series.ts';

const SET = new URL('../../../../testdata/dogtag/rsa2048-rotation-restart/', import.meta.url);
const NAMES = ['ca_audit.20261122021344', 'ca_audit.20261122021346', 'ca_audit.20261122021348'];
const ORIGINAL = NAMES.map((name) =>
  readFileSync(new URL(name, SET), 'utf8').trimEnd().split('\n'),
);
const { publicKey } = new X509Certificate(readFileSync(new URL('signing-cert.pem', SET)));
const KEY = {
  name: 'audit',
  verify: (data: Uint8Array, signature: Uint8Array) => verify('sha256', data, publicKey, signature),
};

/** One thing done to the files: `at` and `to` choose file and line, whatever their number. */
const edits = array(
  record({
    kind: constantFrom('remove', 'copy', 'swap', 'change', 'cut', 'lose', 'append', 'unsign'),
    at: nat(10_000),
    to: nat(10_000),
    count: nat(6),
  }),
  { minLength: 1, maxLength: 3 },
);

test('whatever is done to a log, what is said to be valid stood in it, in this order', () => {
  const untouched = verifyLines(ORIGINAL);
  expect(untouched).toMatchObject({ ok: true, invalid: 0 });
  assert(
    property(edits, (list) => {
      const files = ORIGINAL.map((lines) => [...lines]);
      for (const { kind, at, to, count } of list) edit(files, kind, at, to, count + 1);
      const report = verifyLines(files);
      expect(report.valid).toBeLessThanOrEqual(untouched.valid + countCopies(files));
      const inFiles = report.files.map((file) => {
        const lines = files[Number(file.name)]!;
        // The last signature line of all is signed by nothing but itself.
        return lines.filter((line, i) => verdictOn(file.runs, i + 1) === 'valid' && isEvent(line));
      });
      const certain = inFiles.flat();
      const everything = ORIGINAL.flat();
      expect(certain.filter((line) => !everything.includes(line))).toEqual([]);
      // Where a chain begins anew, nothing is said of the order of what stands before and behind.
      const anew = report.problems.some(({ kind }) => kind === 'chain_restarted');
      const ordered = anew ? inFiles : [certain];
      const inOrder = ordered.every((lines) => isSubsequence(lines, everything));
      expect(report.ok && !inOrder).toBe(false);
    }),
    { numRuns: 200 },
  );
});

function edit(files: string[][], kind: string, at: number, to: number, count: number): void {
  const lines = files[at % files.length];
  const target = files[to % files.length];
  if (lines === undefined || target === undefined || lines.length === 0) return;
  const from = (at >> 3) % lines.length;
  const into = (to >> 3) % (target.length + 1);
  if (kind === 'remove') lines.splice(from, count);
  else if (kind === 'copy') target.splice(into, 0, ...lines.slice(from, from + count));
  else if (kind === 'swap') [lines[from], lines[0]] = [lines[0]!, lines[from]!];
  else if (kind === 'change') lines[from] = lines[from]!.replace('caadmin', 'caAdmin');
  else if (kind === 'cut') lines.length = from;
  else if (kind === 'append') target.push(...lines.slice(from, from + count));
  else if (kind === 'unsign') lines.splice(0, lines.length, ...lines.filter(isEvent));
  else lines.length = 0;
}

function verifyLines(files: readonly (readonly string[])[]): ReturnType<typeof verifyFiles> {
  const bytes = (lines: readonly string[]): Uint8Array =>
    new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const logs: LogFile[] = files.map((lines, i) => ({ name: String(i), bytes: bytes(lines) }));
  return verifyFiles(logs, { keys: [KEY] });
}

function isEvent(line: string): boolean {
  return !line.includes('[AuditEvent=AUDIT_LOG_SIGNING]');
}

/** Copied signature lines may verify a second time over the same copied lines. */
function countCopies(files: readonly (readonly string[])[]): number {
  const lines = files.flat().filter((line) => !isEvent(line));
  return lines.length - new Set(lines).size;
}

function verdictOn(
  runs: readonly { to: number; verdict: string }[],
  line: number,
): string | undefined {
  return runs.find((run) => run.to >= line)?.verdict;
}

function isSubsequence(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const line of whole) if (line === part[at]) at += 1;
  return at === part.length;
}

import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCli, startSystem, temporaryFolder, type System } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Signed audit files of a server that was restarted and attacked, by the eyes of tools that are not ours. */

const run = promisify(execFile);
const hasOpenssl = await run('openssl', ['version']).then(
  () => true,
  () => false,
);
/** What Dogtag's AuditVerify takes a signature line by. */
const MENTION = 'AUDIT_LOG_SIGNING';
const HOSTILE = [
  `x][Outcome=Success][AuthMgr=fake`,
  `a] [b`,
  `o'brien {0}`,
  `one\r\n0.main - [22/Nov/2026:02:11:32 UTC] [14] [6] [AuditEvent=${MENTION}][SubjectID=$System$][Outcome=Success] signature of audit buffer just flushed: sig: AAAA`,
  MENTION,
  'zwei\u0085drei\u2028vier',
];

let system: System;
let work: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
let certificate: string;

beforeAll(async () => {
  system = await startSystem();
  work = await temporaryFolder('signed-audit');
  folder = join(system.dataDir, 'logs', 'signedAudit');
  certificate = join(system.dataDir, 'keys', 'audit-signing.crt');
  const admin = await system.as('admin');
  const changed = await admin.send('PATCH', '/api/v1/audit/configuration', {
    files: { maxFileSize: 2 },
    events: { INTER_BOUNDARY: { enabled: false } },
  });
  expect(changed.status).toBe(200);
  for (const name of HOSTILE) await system.anonymous().signIn(name, 'a wrong password');
  // Names of users are folded; what is searched for is kept as it was typed.
  const auditor = await system.as('auditor');
  for (const text of HOSTILE)
    await auditor.json(`/api/v1/audit/records?query=${encodeURIComponent(`"${text}"`)}`);
  await system.restart();
  for (const name of HOSTILE) await system.anonymous().signIn(name, 'a wrong password');
  await system.stop();
});
afterAll(async () => {
  await system.close();
  await work.remove();
});

/** Bytes of the files in the order of their names, the current one last, as AuditVerify is given them. */
async function read(): Promise<Buffer> {
  const names = await readdir(folder);
  const rotated = names.filter((name) => /^ca_audit\.\d{14}$/.test(name)).sort();
  expect(rotated.length).toBeGreaterThan(1);
  expect(names.sort()).toEqual(['ca_audit', ...rotated].sort());
  const files = [...rotated, 'ca_audit'].map(async (name) => await readFile(join(folder, name)));
  return Buffer.concat(await Promise.all(files));
}

describe('signed audit files over two runs and several rotations', () => {
  test('verify with countersign dogtag verify: nothing unsigned, nothing ambiguous', async () => {
    const report = await runCli(['dogtag', 'verify', '--cert', certificate, folder]);
    expect(report.code).toBe(0);
    expect(report.stdout.trimEnd().split('\n').slice(-6)).toEqual([
      expect.stringMatching(/^valid signatures: [1-9]\d+$/),
      'invalid signatures: 0',
      'unsigned head: 0 lines',
      'unsigned tail: 0 lines',
      'ambiguous lines: 0',
      'verdict: valid',
    ]);
  });

  test('hold what was typed, where it cannot be anything else', async () => {
    const text = (await read()).toString();
    expect(text).toContain(
      '[AttemptedCred=\\:x\\u005d\\u005boutcome=success\\u005d\\u005bauthmgr=fake]',
    );
    expect(text).toContain(`[AttemptedCred=o'brien {0}]`);
    expect(text).toContain('[Query=\\:"AUDIT\\u005fLOG_SIGNING"]');
    expect(text).toContain(
      '[Query=\\:"one\\u000d\\u000a0.main - \\u005b22/Nov/2026:02:11:32 UTC\\u005d',
    );
    expect(text).toMatch(
      /\[AuditEvent=CONFIG_SIGNED_AUDIT\]\[SubjectID=admin\]\[Outcome=Success\]/,
    );
    expect(text).not.toMatch(/\r|\u0085|\u2028/);
    for (const line of text.split('\n').filter((l) => l.includes(MENTION)))
      expect(line).toMatch(
        /\[AuditEvent=AUDIT_LOG_SIGNING\]\[SubjectID=\$System\$\]\[Outcome=Success\] sig/,
      );
  });

  test.skipIf(!hasOpenssl)(
    `verify with openssl by the rules of AuditVerify${hasOpenssl ? '' : ' (openssl is not here)'}`,
    async () => {
      const bytes = await read();
      const { checked, failed } = await auditVerify(bytes);
      expect(failed).toEqual([]);
      const { stdout } = await runCli(['dogtag', 'verify', '--cert', certificate, folder]);
      expect(stdout).toContain(`valid signatures: ${checked}\n`);
      // The very first, which AuditVerify skips, signs nothing: this is the beginning.
      const first = bytes.subarray(0, bytes.indexOf(0x0a)).toString();
      expect(await verifies(Buffer.alloc(0), first)).toBe(true);
      const forged = Buffer.from(
        bytes.toString('latin1').replace('Outcome=Failure', 'Outcome=Success'),
        'latin1',
      );
      expect((await auditVerify(forged)).failed).toHaveLength(1);
    },
  );
});

/** Checks every signature but the first over the signature line before it and all lines since. */
async function auditVerify(bytes: Buffer): Promise<{ checked: number; failed: number[] }> {
  // As BufferedReader.readLine does; nothing comes behind the last line.
  const lines = bytes.toString('utf8').split(/\r\n|\n|\r/);
  expect(lines.pop()).toBe('');
  expect(lines.at(-1)).toContain(MENTION);
  const failed: number[] = [];
  let checked = 0;
  let span: string | null = null;
  for (const [i, line] of lines.entries()) {
    if (line.includes(MENTION)) {
      if (span !== null) {
        checked += 1;
        if (!(await verifies(Buffer.from(span), line))) failed.push(i + 1);
      }
      span = '';
    }
    if (span !== null) span += `${line}\n`;
  }
  return { checked, failed };
}

async function verifies(span: Buffer, line: string): Promise<boolean> {
  const [key, data, signature] = ['key.pem', 'span', 'span.sig'].map((n) => join(work.path, n));
  const made = await run('openssl', ['x509', '-in', certificate, '-noout', '-pubkey']);
  await writeFile(key ?? '', made.stdout);
  await writeFile(data ?? '', span);
  await writeFile(signature ?? '', Buffer.from(line.split(' sig: ')[1] ?? '', 'base64'));
  const args = ['dgst', '-sha256', '-verify', key ?? '', '-signature', signature ?? '', data ?? ''];
  const answer = await run('openssl', args).catch((error: { stdout: string }) => error);
  return answer.stdout.includes('Verified OK');
}

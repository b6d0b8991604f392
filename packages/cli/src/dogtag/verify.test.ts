import { X509Certificate } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { registerDogtag } from './index.ts';
import { findLogFiles } from './log-files.ts';
import { scanFiles } from './scan-pool.ts';
import { readCertificates } from './certificate.ts';

const TESTDATA = new URL('../../../../testdata/dogtag/', import.meta.url).pathname;
const RSA = join(TESTDATA, 'rsa2048-rotation-restart');
const CERT = join(RSA, 'signing-cert.pem');
const EC = join(TESTDATA, 'ec-p256');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dogtag-verify-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
  await rm(folder, { recursive: true });
});

/** [set, valid, head, tail, ambiguous, verdict] */
const SETS = [
  ['rsa2048-rotation-restart', 76, 0, 0, 0, 'valid'],
  ['ec-p256', 8, 0, 0, 0, 'valid'],
  ['signing-enabled-midway', 8, 18, 0, 0, 'valid; 18 lines at the beginning never signed'],
  ['running-unsigned-tail', 1, 0, 15, 0, 'valid; 15 lines at the end not signed yet'],
  ['config-signed-audit-false-match', 9, 0, 0, 0, 'valid'],
  ['special-characters', 19, 0, 0, 1, 'valid'],
] as const;

describe('dogtag verify', () => {
  test.each(SETS)('%s', async (set, valid, head, tail, ambiguous, verdict) => {
    const dir = join(TESTDATA, set);
    const { lines, exitCode } = await run('--cert', join(dir, 'signing-cert.pem'), dir);
    expect(lines.slice(-6)).toEqual([
      `valid signatures: ${valid}`,
      'invalid signatures: 0',
      `unsigned head: ${head} lines`,
      `unsigned tail: ${tail} lines`,
      `ambiguous lines: ${ambiguous}`,
      `verdict: ${verdict}`,
    ]);
    expect(exitCode).toBe(0);
  });

  test('takes DER, several certificates, and files in any order', async () => {
    const der = join(folder, 'cert.der');
    await writeFile(der, new X509Certificate(await readFile(CERT)).raw);
    const names = (await findLogFiles([RSA])).map(({ path }) => path).toReversed();
    const { lines, exitCode } = await run(
      '--cert',
      join(EC, 'signing-cert.pem'),
      '--cert',
      der,
      ...names,
    );
    expect(lines).toContain('valid signatures: 76');
    expect(exitCode).toBe(0);
  });

  test('names the file and the lines of a changed line, and exits with 2', async () => {
    await cp(EC, folder, { recursive: true });
    const path = join(folder, 'ca_audit');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('[SubjectID=caadmin]', '[SubjectID=caAdmin]'));
    const { lines, exitCode } = await run('--cert', join(EC, 'signing-cert.pem'), folder);
    expect(exitCode).toBe(2);
    expect(lines).toContain('invalid signatures: 1');
    expect(lines.find((line) => line.startsWith('error: '))).toMatch(
      /^error: ca_audit:\d+-\d+: the signature in line \d+ does not verify over lines \d+ to \d+$/,
    );
    expect(lines).toContain('  likely cause: a line was changed, added or removed');
    expect(lines.at(-1)).toBe('verdict: invalid: 1 of 8 signatures do not verify');
  });

  test('--json gives the whole report in one document', async () => {
    const { lines } = await run('--json', '--cert', CERT, RSA);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      ok: true,
      valid: 76,
      verdict: 'valid',
      files: expect.arrayContaining([
        expect.objectContaining({ name: 'ca_audit', link: 'linked' }),
      ]),
      certificates: [{ subject: 'CN=CA Audit Signing Certificate, OU=pki-tomcat, O=EXAMPLE' }],
    });
  });

  test('names what cannot be read', async () => {
    await expect(run('--cert', join(folder, 'none.pem'), RSA)).rejects.toMatchObject({
      code: 'file_unreadable',
      message: `--cert "${join(folder, 'none.pem')}" cannot be read: there is no such file or folder`,
    });
    await expect(run('--cert', join(RSA, 'list.txt'), RSA)).rejects.toMatchObject({
      code: 'key_invalid',
      message: expect.stringContaining('expected an X.509 certificate in PEM or DER'),
    });
    await expect(run('--cert', CERT, join(folder, 'none'))).rejects.toMatchObject({
      code: 'file_unreadable',
      message: `PATH "${join(folder, 'none')}" cannot be read: there is no such file or folder`,
    });
    await mkdir(join(folder, 'empty'));
    await expect(run('--cert', CERT, join(folder, 'empty'))).rejects.toMatchObject({
      message: expect.stringContaining('holds no file that looks like an audit log'),
    });
  });
});

test('threads find what one thread finds', async () => {
  const certificates = await readCertificates(CERT);
  const sources = await findLogFiles([RSA]);
  const alone = await scanFiles(sources, { certificates, onDone: () => undefined, workers: 1 });
  let bytes = 0;
  const onDone = (done: number): void => void (bytes += done);
  const together = await scanFiles(sources, { certificates, onDone, workers: 2 });
  expect(together).toEqual(alone);
  expect(bytes).toBe(sources.reduce((sum, { size }) => sum + size, 0));
  const gone = [...sources, { name: 'gone', path: join(folder, 'gone'), size: 10 }];
  await expect(scanFiles(gone, { certificates, onDone, workers: 2 })).rejects.toMatchObject({
    code: 'file_unreadable',
    message: expect.stringContaining('there is no such file'),
  });
});

async function run(...args: string[]): Promise<{ lines: string[]; exitCode: unknown }> {
  const written: string[] = [];
  const capture = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const program = new Command('countersign').exitOverride();
    registerDogtag(program);
    await program.parseAsync(['dogtag', 'verify', ...args], { from: 'user' });
  } finally {
    capture.mockRestore();
  }
  return { lines: written.join('').trimEnd().split('\n'), exitCode: process.exitCode };
}

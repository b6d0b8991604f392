import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { silentLoggers } from '../logger.ts';
import { temporaryFolder } from '../testing/harness.ts';
import { readNames } from './distinguished-name.ts';
import { issue, issueRevocationList } from './issue.ts';
import { clientIdentity, openPki, pkiPaths, serverIdentity, type Pki } from './pki.ts';

const run = promisify(execFile);
const openssl = async (...args: string[]) => (await run('openssl', args)).stdout;
const hasOpenssl = await openssl('version').then(
  () => true,
  () => false,
);
const DAY = 86_400_000;
const origin = 'log.example/1';
const logger = silentLoggers('server:tls');

/** A PKI in a folder of its own. */
async function make(): Promise<{ dir: string; pki: Pki; paths: ReturnType<typeof pkiPaths> }> {
  const dir = await temporaryFolder();
  const pki = await openPki(dir, { origin, now: new Date() });
  return { dir, pki, paths: pkiPaths(dir) };
}

describe('the built-in PKI', () => {
  test('is made once: another start finds the same keys', async () => {
    const { dir, pki } = await make();
    const again = await openPki(dir, { origin, now: new Date() });
    expect(again.authority.fingerprint256).toBe(pki.authority.fingerprint256);
    expect(again.auditSigning.pem).toBe(pki.auditSigning.pem);
  });

  test('keeps its keys from others', async () => {
    const { dir, pki, paths } = await make();
    await clientIdentity(dir, pki, { username: 'admin', origin, now: new Date() });
    for (const file of [
      paths.authority,
      paths.auditSigning,
      ...['pem', 'p12', 'p12.password'].map((end) => join(paths.clients, `admin.${end}`)),
    ]) {
      expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600');
    }
  });

  test('never uses what is half made: a start interrupted anywhere goes on where it was', async () => {
    const { dir, pki, paths } = await make();
    const whole = await readdir(dir);
    for (const missing of whole.filter((name) => name !== 'clients')) {
      const copy = await temporaryFolder();
      await mkdir(join(copy, 'clients'));
      for (const name of whole.filter((n) => n !== missing && n !== 'clients'))
        await writeFile(join(copy, name), await readFile(join(dir, name)));
      // What an interrupted write leaves has another name.
      await writeFile(join(copy, `${missing}.new`), '-----BEGIN PRIV');
      const opened = await openPki(copy, { origin, now: new Date() });
      expect(opened.authority.fingerprint256).toBe(pki.authority.fingerprint256);
      expect(opened.auditSigning.certificate.checkIssued(opened.authority)).toBe(true);
      const published = new X509Certificate(await readFile(pkiPaths(copy).auditSigningCertificate));
      expect(published.fingerprint256).toBe(opened.auditSigning.certificate.fingerprint256);
    }
    expect(paths.authority).toContain(dir);
  });

  test('works without the key of its authority, and issues nothing then', async () => {
    const { dir, paths } = await make();
    await rm(paths.authority);
    const pki = await openPki(dir, { origin, now: new Date() });
    expect(pki.issuer).toBeNull();
    await expect(
      clientIdentity(dir, pki, { username: 'admin', origin, now: new Date() }),
    ).rejects.toMatchObject({
      code: 'pki_missing',
      message: expect.stringContaining("the authority's key is needed") as string,
    });
  });

  test('names a file that is no identity, and does not repeat it', async () => {
    const { dir, pki, paths } = await make();
    const other = await issue({ purpose: 'client', subject: [['CN', 'x']], now: new Date() }, null);
    await writeFile(
      paths.auditSigning,
      other.pem.split('-----BEGIN CERT')[0] + pki.authority.toString(),
    );
    await expect(openPki(dir, { origin, now: new Date() })).rejects.toMatchObject({
      code: 'pki_malformed',
      message: `${paths.auditSigning}: expected a key and its certificate as PEM, got: expected the key of the certificate, got another key`,
    });
  });

  test('renews the server certificate before it ends, and when names come to it, not otherwise', async () => {
    const { dir, pki } = await make();
    const now = new Date();
    const first = await serverIdentity(dir, pki, {
      names: ['localhost', '::1'],
      origin,
      now,
      logger,
    });
    const at = async (days: number, names = ['localhost', '::1']) => {
      const later = new Date(now.getTime() + days * DAY);
      return (await serverIdentity(dir, pki, { names, origin, now: later, logger })).certificate
        .serialNumber;
    };
    expect(await at(0)).toBe(first.certificate.serialNumber);
    expect(await at(366)).toBe(first.certificate.serialNumber);
    const named = await at(0, ['localhost', 'ca.example']);
    expect(named).not.toBe(first.certificate.serialNumber);
    expect(await at(0, ['ca.example'])).toBe(named);
    expect(await at(368, ['ca.example'])).not.toBe(named);
  });
});

describe('names of certificates', () => {
  test.each([
    ['plain', 'CN=plain'],
    ['a, b', String.raw`CN=a\, b`],
    [' "x" ', String.raw`CN=\ \"x\"\ `],
    ['x][Outcome=Success', String.raw`CN=x\5d\5bOutcome\=Success`],
    ['line\nend', String.raw`CN=line\0aend`],
    ['Zoë', 'CN=Zoë'],
  ])('%j is told as %s', async (name, told) => {
    const made = await issue({ purpose: 'client', subject: [['CN', name]], now: new Date() }, null);
    expect(readNames(made.certificate.raw).subject).toBe(told);
  });

  test('are told most specific first, the serial number in decimal', async () => {
    const { pki } = await make();
    const { subject, serial } = readNames(pki.authority.raw);
    expect(subject).toBe('CN=CA Signing Certificate,OU=log.example/1,O=Countersign');
    expect(serial).toBe(BigInt(`0x${pki.authority.serialNumber}`).toString());
  });
});

describe.skipIf(!hasOpenssl)(`openssl${hasOpenssl ? '' : ' (is not here)'}`, () => {
  let made: Awaited<ReturnType<typeof make>>;
  let client: string;
  beforeAll(async () => {
    made = await make();
    await clientIdentity(made.dir, made.pki, { username: 'admin', origin, now: new Date() });
    await serverIdentity(made.dir, made.pki, {
      names: ['localhost', '127.0.0.1', '::1'],
      origin,
      now: new Date(),
      logger,
    });
    client = join(made.paths.clients, 'admin');
  });

  test('verifies every certificate for its purpose, strictly', async () => {
    const { paths } = made;
    const verify = async (purpose: string, file: string) =>
      await openssl(
        'verify',
        '-x509_strict',
        '-purpose',
        purpose,
        '-CAfile',
        paths.authorityCertificate,
        file,
      );
    expect(await verify('sslserver', paths.server)).toContain('OK');
    expect(await verify('sslclient', `${client}.pem`)).toContain('OK');
    expect(await verify('any', paths.auditSigning)).toContain('OK');
    await expect(verify('sslserver', `${client}.pem`)).rejects.toThrow(
      /unsupported certificate purpose|unsuitable/,
    );
  });

  test('reads what they are for', async () => {
    const { paths } = made;
    const text = async (file: string) => await openssl('x509', '-in', file, '-noout', '-text');
    const server = await text(paths.server);
    expect(server).toContain('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    expect(server).toContain('TLS Web Server Authentication');
    expect(await text(`${client}.pem`)).toContain('TLS Web Client Authentication');
    expect(await text(paths.auditSigning)).toContain('Digital Signature, Non Repudiation');
    const authority = await text(paths.authority);
    expect(authority).toContain('CA:TRUE, pathlen:0');
    expect(authority).toContain('Certificate Sign, CRL Sign');
    expect(authority).toContain('ASN1 OID: secp384r1');
  });

  test('opens the PKCS#12 file with its password and no other', async () => {
    const args = ['pkcs12', '-in', `${client}.p12`, '-nodes', '-info'];
    const { stdout, stderr } = await run('openssl', [
      ...args,
      '-passin',
      `file:${client}.p12.password`,
    ]);
    expect(stderr).toContain('PBES2, PBKDF2, AES-256-CBC');
    expect(stderr).toContain('MAC: sha256');
    expect(stdout).toContain('friendlyName: admin');
    expect(stdout.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    await expect(run('openssl', [...args, '-passin', 'pass:x'])).rejects.toThrow(
      /invalid password/,
    );
  });

  test('finds a revoked certificate on the list', async () => {
    const { pki, paths, dir } = made;
    if (pki.issuer === null) throw new Error('expected the key of the authority');
    const { serialNumber } = new X509Certificate(await readFile(`${client}.pem`));
    const crl = join(dir, 'test.crl');
    await writeFile(crl, await issueRevocationList(pki.issuer, [`0x${serialNumber}`], new Date()));
    const check = run('openssl', [
      'verify',
      '-crl_check',
      '-CAfile',
      paths.authorityCertificate,
      '-CRLfile',
      crl,
      `${client}.pem`,
    ]);
    await expect(check).rejects.toThrow(/certificate revoked/);
  });
});

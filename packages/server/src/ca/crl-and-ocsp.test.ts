import { beforeAll, describe, expect, it } from 'vitest';
import { signCertificate, type CertificateOrder } from './certificate.ts';
import { readCrl, signCrl, type CrlOrder, type RevokedEntry } from './crl.ts';
import { generateKeyPair } from './key-algorithm.ts';
import {
  isAbout,
  OCSP_ERROR,
  ocspError,
  parseOcspRequest,
  signOcspResponse,
  type OcspStatus,
} from './ocsp.ts';
import { formatPem } from './pem.ts';
import type { CertificateFacts } from './read-certificate.ts';
import { softwareSigner, type Signer } from './signer.ts';
import { openSsl, type OpenSsl } from './testing/openssl.ts';

const CRL_URL = 'http://ca.example.com/full.crl';
const DELTA_URL = 'http://ca.example.com/delta.crl';
// OpenSSL judges responses by the machine's clock.
const NOW = new Date();
const LATER = new Date(NOW.getTime() + 3_600_000);

interface Authority {
  readonly certificate: CertificateFacts;
  readonly signer: Signer;
}
let root: Authority;
let responder: Authority;
let leaf: CertificateFacts;
let other: CertificateFacts;

async function issue(
  issuer: Authority | null,
  more: Partial<CertificateOrder>,
): Promise<Authority> {
  const { privateKey, publicKey } = await generateKeyPair('P-256');
  const signer = softwareSigner(privateKey);
  const certificate = await signCertificate({
    issuer: issuer ?? { certificate: null, signer },
    subject: 'CN=somebody',
    sans: [],
    publicKey,
    notBefore: new Date(NOW.getTime() - 86_400_000),
    notAfter: new Date(NOW.getTime() + 86_400_000),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: [],
    ...more,
  });
  return { certificate, signer };
}

beforeAll(async () => {
  root = await issue(null, {
    subject: 'CN=Root,O=Example',
    keyUsage: ['keyCertSign', 'cRLSign'],
    authority: { pathLength: null },
  });
  responder = await issue(root, {
    subject: 'CN=OCSP',
    extendedKeyUsage: ['OCSPSigning'],
    ocspNoCheck: true,
  });
  const urls = { crlUrl: CRL_URL, deltaUrl: DELTA_URL };
  ({ certificate: leaf } = await issue(root, { subject: 'CN=leaf', ...urls }));
  ({ certificate: other } = await issue(root, { subject: 'CN=other', ...urls }));
});

/** As a list says it. */
const seconds = (date: Date) => new Date(Math.floor(date.getTime() / 1_000) * 1_000);

async function list(entries: readonly RevokedEntry[], more: Partial<CrlOrder> = {}) {
  return await signCrl({
    issuer: root.certificate,
    signer: root.signer,
    number: 7,
    entries,
    thisUpdate: NOW,
    nextUpdate: LATER,
    ...more,
  });
}

async function files(): Promise<OpenSsl> {
  const ssl = await openSsl();
  await ssl.write('root.pem', root.certificate.pem);
  await ssl.write('leaf.pem', leaf.pem);
  await ssl.write('other.pem', other.pem);
  return ssl;
}

describe('revocation lists', () => {
  it('are verified and understood by openssl', async () => {
    const entries = [
      {
        serial: leaf.serial,
        revokedAt: NOW,
        reason: 1,
        invalidSince: new Date('2020-02-03T04:05:06Z'),
      },
      { serial: '80', revokedAt: NOW, reason: 0 },
    ];
    const der = await list(entries, { deltaUrl: DELTA_URL });
    await using ssl = await files();
    await ssl.write('full.crl', der);
    const text = await ssl.run(
      'crl',
      '-inform',
      'DER',
      '-in',
      'full.crl',
      '-CAfile',
      'root.pem',
      '-text',
    );
    for (const line of [
      'verify OK',
      'X509v3 CRL Number: \n                7',
      'X509v3 Freshest CRL',
      `Serial Number: ${leaf.serial.toUpperCase().padStart(32, '0')}`,
      'Key Compromise',
      'Invalidity Date: \n                Feb  3 04:05:06 2020 GMT',
      'Serial Number: 80\n',
    ]) {
      expect(text).toContain(line);
    }
    await ssl.write('full.pem', formatPem('X509 CRL', der));
    const verify = ['verify', '-crl_check', '-CAfile', 'root.pem', '-CRLfile', 'full.pem'];
    expect(await ssl.run(...verify, 'other.pem')).toBe('other.pem: OK\n');
    await expect(ssl.run(...verify, 'leaf.pem')).rejects.toThrow('certificate revoked');
    expect(readCrl(der)).toEqual({
      number: 7,
      baseNumber: null,
      thisUpdate: seconds(NOW),
      nextUpdate: seconds(LATER),
      entries: [
        { serial: leaf.serial, reason: 1, revokedAt: seconds(NOW) },
        { serial: '80', reason: 0, revokedAt: seconds(NOW) },
      ],
    });
  });

  it('without entries have no empty list', async () => {
    const der = await list([]);
    await using ssl = await files();
    await ssl.write('full.crl', der);
    expect(await ssl.run('crl', '-inform', 'DER', '-in', 'full.crl', '-text', '-noout')).toContain(
      'No Revoked Certificates.',
    );
    expect(readCrl(der).entries).toEqual([]);
  });

  it('are completed by delta lists, which revoke and take off hold', async () => {
    const held = { serial: other.serial, revokedAt: NOW, reason: 6 };
    const full = await list([held], { deltaUrl: DELTA_URL });
    const delta = await list(
      [
        { serial: leaf.serial, revokedAt: NOW, reason: 4 },
        { ...held, removed: true },
      ],
      { number: 8, baseNumber: 7 },
    );
    await using ssl = await files();
    await ssl.write('full.pem', formatPem('X509 CRL', full));
    await ssl.write('delta.pem', formatPem('X509 CRL', delta));
    const text = await ssl.run('crl', '-in', 'delta.pem', '-noout', '-text');
    expect(text).toContain('X509v3 Delta CRL Indicator: critical\n                7');
    expect(text).toContain('Remove From CRL');
    const verify = ['verify', '-crl_check', '-CAfile', 'root.pem', '-CRLfile', 'full.pem'];
    await expect(ssl.run(...verify, 'other.pem')).rejects.toThrow('certificate revoked');
    const both = [...verify, '-extended_crl', '-use_deltas', '-CRLfile', 'delta.pem'];
    expect(await ssl.run(...both, 'other.pem')).toBe('other.pem: OK\n');
    await expect(ssl.run(...both, 'leaf.pem')).rejects.toThrow('certificate revoked');
  });
});

/** Asks by openssl and answers as told. */
async function ask(
  statuses: Readonly<Record<string, OcspStatus>>,
  ...options: string[]
): Promise<{ text: string; about: boolean[] }> {
  await using ssl = await files();
  const certificates = ['-cert', 'leaf.pem', '-cert', 'other.pem'];
  const issuer = ['-issuer', 'root.pem'];
  await ssl.run('ocsp', ...options, ...issuer, ...certificates, '-reqout', 'request.der');
  const { questions, nonce } = parseOcspRequest(await ssl.read('request.der'));
  const response = await signOcspResponse({
    responder,
    answers: questions.map(({ certId, serial }) => ({
      certId,
      ...(statuses[serial] ?? { status: 'unknown' as const }),
    })),
    nonce,
    producedAt: NOW,
    nextUpdate: LATER,
  });
  await ssl.write('response.der', response);
  const checks = ['-respin', 'response.der', '-CAfile', 'root.pem', '-reqin', 'request.der'];
  // The request has its nonce already.
  const hash = options.filter((option) => option !== '-no_nonce');
  const text = await ssl.run('ocsp', ...checks, '-no_nonce', ...hash, ...issuer, ...certificates);
  return { text, about: questions.map((question) => isAbout(question, root.certificate)) };
}

describe('OCSP', () => {
  it.each([['-sha1'], ['-sha256']])('is answered as openssl asked, CertIDs by %s', async (hash) => {
    const revokedAt = new Date('2026-01-02T03:04:05Z');
    const { text, about } = await ask(
      {
        [leaf.serial]: { status: 'revoked', revokedAt, reason: 1 },
        [other.serial]: { status: 'good' },
      },
      hash,
    );
    expect(about).toEqual([true, true]);
    expect(text).toContain('Response verify OK');
    expect(text).toContain('leaf.pem: revoked');
    expect(text).toContain('Reason: keyCompromise');
    expect(text).toContain('Revocation Time: Jan  2 03:04:05 2026 GMT');
    expect(text).toContain('other.pem: good');
    expect(text).not.toContain('WARNING');
  });

  it('says unknown of what is not ours, and leaves the nonce out when none was sent', async () => {
    const { text } = await ask({}, '-no_nonce');
    expect(text).toContain('Response verify OK');
    expect(text).toContain('leaf.pem: unknown');
  });

  it('tells certificates of other issuers', async () => {
    const stranger = await issue(null, { subject: 'CN=Stranger', authority: { pathLength: null } });
    await using ssl = await files();
    await ssl.write('stranger.pem', stranger.certificate.pem);
    const cert = ['-issuer', 'stranger.pem', '-cert', 'leaf.pem'];
    await ssl.run('ocsp', ...cert, '-reqout', 'request.der');
    const { questions } = parseOcspRequest(await ssl.read('request.der'));
    expect(questions.map((question) => isAbout(question, root.certificate))).toEqual([false]);
  });

  it('refuses requests that are none, without end, or with a nonce out of bounds', async () => {
    await using ssl = await files();
    await ssl.run('ocsp', '-issuer', 'root.pem', '-cert', 'leaf.pem', '-reqout', 'request.der');
    const request = await ssl.read('request.der');
    for (let size = 0; size < request.length; size += 1) {
      expect(() => parseOcspRequest(request.subarray(0, size))).toThrow(
        expect.objectContaining({ name: 'DerError' }),
      );
    }
    expect(() => parseOcspRequest(Buffer.alloc(20_000, 0x30))).toThrow(
      'expected at most 16384 bytes, got 20000',
    );
    const questions = Array.from({ length: 21 }, () => ['-cert', 'leaf.pem']).flat();
    await ssl.run('ocsp', '-issuer', 'root.pem', ...questions, '-reqout', 'many.der');
    const many = await ssl.read('many.der');
    expect(() => parseOcspRequest(many)).toThrow('expected at most 20 questions');
  });

  it('errors are what openssl says they are', async () => {
    await using ssl = await files();
    await ssl.write('error.der', ocspError(OCSP_ERROR.malformedRequest));
    await expect(ssl.run('ocsp', '-respin', 'error.der', '-noverify')).rejects.toThrow(
      'malformedrequest (1)',
    );
  });
});

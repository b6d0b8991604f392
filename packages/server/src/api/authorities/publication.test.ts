import { beforeAll, describe, expect, it } from 'vitest';
import {
  issueForTest,
  revokeForTest,
  showAuthority,
  type Shown,
} from '../../authorities/testing.ts';
import { OcspCounts } from '../../authorities/ocsp-counts.ts';
import { readCertificate, type CertificateFacts } from '../../ca/read-certificate.ts';
import { openSsl, type OpenSsl } from '../../ca/testing/openssl.ts';
import { attribute, startTestServer, type TestServer } from '../../testing/harness.ts';

let system: TestServer;
let issuing: Shown;
let root: Shown;
let good: CertificateFacts;
let revoked: CertificateFacts;
let now: Date;
let base: string;

beforeAll(async () => {
  // OpenSSL judges by the machine's clock.
  now = new Date();
  system = await startTestServer({ now: () => now, withoutTimers: true });
  const { port } = await system.server.listen();
  base = `http://127.0.0.1:${port}`;
  const admin = await system.signIn('admin');
  issuing = await showAuthority(system, admin, 'Countersign Issuing CA');
  root = await showAuthority(system, admin, 'Countersign Root CA');
  good = await issueForTest(system, issuing.id);
  revoked = await issueForTest(system, issuing.id);
  await revokeForTest(system, issuing.id, revoked, 1);
  await system.server.platform.authorities.turn();
});

async function files(): Promise<OpenSsl> {
  const ssl = await openSsl();
  await ssl.write('root.pem', root.pem);
  await ssl.write('issuing.pem', issuing.pem);
  await ssl.write('chain.pem', root.pem + issuing.pem);
  await ssl.write('good.pem', good.pem);
  await ssl.write('revoked.pem', revoked.pem);
  return ssl;
}

describe('over plain HTTP', () => {
  it('OCSP says what is good, revoked, unknown', async () => {
    await using ssl = await files();
    const url = `${base}/pki/${issuing.id}/ocsp`;
    const ask = ['ocsp', '-url', url, '-issuer', 'issuing.pem', '-CAfile', 'chain.pem'];
    const certificates = ['-cert', 'good.pem', '-cert', 'revoked.pem', '-serial', '0x1234'];
    for (const hash of ['-sha1', '-sha256']) {
      const text = await ssl.run(...ask, hash, ...certificates, '-text');
      expect(text).toContain('Response verify OK');
      expect(text).toContain('good.pem: good');
      expect(text).toContain('revoked.pem: revoked');
      expect(text).toContain('Reason: keyCompromise');
      expect(text).toContain('0x1234: unknown');
      expect(text.match(/OCSP Nonce: \n\s+(\S+)/g)).toHaveLength(2);
    }
    // The responder of one authority knows nothing of another's.
    const other = ['ocsp', '-url', `${base}/pki/${root.id}/ocsp`, '-issuer', 'issuing.pem'];
    const text = await ssl.run(...other, '-noverify', '-cert', 'good.pem');
    expect(text).toContain('good.pem: unknown');
  });

  it('OCSP is asked by GET, too, and may be kept for a while', async () => {
    await using ssl = await files();
    const request = ['ocsp', '-issuer', 'issuing.pem', '-cert', 'revoked.pem', '-no_nonce'];
    await ssl.run(...request, '-reqout', 'request.der');
    const der = await ssl.read('request.der');
    // Clients escape what they like.
    for (const text of [der.toString('base64'), encodeURIComponent(der.toString('base64'))]) {
      const answer = await fetch(`${base}/pki/${issuing.id}/ocsp/${text}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/ocsp-response');
      expect(answer.headers.get('cache-control')).toBe(
        'max-age=300, public, no-transform, must-revalidate',
      );
      expect(answer.headers.get('expires')).not.toBeNull();
      await ssl.write('response.der', Buffer.from(await answer.arrayBuffer()));
      const check = ['-respin', 'response.der', '-CAfile', 'chain.pem', ...request.slice(1)];
      expect(await ssl.run('ocsp', ...check)).toContain('revoked.pem: revoked');
    }
    const posted = await fetch(`${base}/pki/${issuing.id}/ocsp`, {
      method: 'POST',
      body: new Uint8Array(der),
    });
    expect(posted.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['nothing', ''],
    ['no DER', 'hello'],
    ['more than is read', 'x'.repeat(100_000)],
  ])('OCSP says of %s that it is malformed', async (_, body) => {
    const answer = await fetch(`${base}/pki/${issuing.id}/ocsp`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).toBe('30030a0101');
    const url = `${base}/pki/${issuing.id}/ocsp/%%%`;
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).toString('hex')).toBe('30030a0101');
  });

  it('lists and certificates are what openssl verifies with', async () => {
    await using ssl = await files();
    for (const [name, shown] of [
      ['issuing', issuing],
      ['root', root],
    ] as const) {
      const crl = await fetch(`${base}/pki/${shown.id}/full.crl`);
      await ssl.write(`${name}.crl`, Buffer.from(await crl.arrayBuffer()));
      await ssl.run('crl', '-inform', 'DER', '-in', `${name}.crl`, '-out', `${name}.crl.pem`);
      const certificate = await fetch(`${base}/pki/${shown.id}/ca.crt`);
      const der = Buffer.from(await certificate.arrayBuffer());
      expect(readCertificate(der).pem).toBe(shown.pem);
    }
    await ssl.write(
      'crls.pem',
      Buffer.concat([await ssl.read('issuing.crl.pem'), await ssl.read('root.crl.pem')]),
    );
    const verify = [
      'verify',
      '-crl_check_all',
      '-CRLfile',
      'crls.pem',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'issuing.pem',
    ];
    expect(await ssl.run(...verify, 'good.pem')).toBe('good.pem: OK\n');
    await expect(ssl.run(...verify, 'revoked.pem')).rejects.toThrow('certificate revoked');
  });

  it('nothing is there below other names', async () => {
    for (const path of [`${issuing.id}/other`, 'nobody/full.crl', `${issuing.id}/delta.crl`]) {
      expect((await fetch(`${base}/pki/${path}`)).status).toBe(404);
    }
    expect((await fetch(`${base}/pki/${issuing.id}/full.crl`, { method: 'DELETE' })).status).toBe(
      405,
    );
  });
});

describe('what the responders have done', () => {
  it('is recorded as a sum, answers and refusals apart, and once', async () => {
    const { authorities } = system.server.platform;
    await authorities.recordAnswers();
    const first = now.toISOString();
    const records = await system.recordsOf(async () => {
      await using ssl = await files();
      await ssl.run(
        'ocsp',
        '-issuer',
        'issuing.pem',
        '-cert',
        'good.pem',
        '-reqout',
        'request.der',
      );
      const good = new Uint8Array(await ssl.read('request.der'));
      for (const body of [good, good, good, 'nothing']) {
        await fetch(`${base}/pki/${issuing.id}/ocsp`, { method: 'POST', body });
        now = new Date(now.getTime() + 1_000);
      }
      await authorities.recordAnswers();
      await authorities.recordAnswers();
    });
    expect(records.map(({ envelope }) => [envelope.event, envelope.outcome])).toEqual([
      ['OCSP_GENERATION', 'Success'],
      ['OCSP_GENERATION', 'Failure'],
    ]);
    const last = new Date(Date.parse(first) + 2_000).toISOString();
    expect(records[0]).toMatchObject({
      content: {
        target: { type: 'authority', id: issuing.id, name: 'Countersign Issuing CA' },
        after: { responses: 3, first, last },
        reason: `3 responses from ${first} to ${last}`,
      },
    });
    expect(attribute(records[1], 'FailureReason')).toMatch(/^1 malformed requests from /);
  });

  it('is counted on when the log takes no record', async () => {
    const told: unknown[] = [];
    let works = false;
    const counts = new OcspCounts({
      record: async (draft) => {
        if (!works) throw new Error('the disk is full');
        told.push(draft.content.after);
        return 0;
      },
    });
    const authority = { id: 'a', name: 'A' };
    const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
    counts.add(authority, null, at(1));
    await expect(counts.turn()).rejects.toThrow('the disk is full');
    counts.add(authority, null, at(2));
    works = true;
    await counts.turn();
    expect(told).toEqual([
      { responses: 2, first: '2026-01-01T00:00:01.000Z', last: '2026-01-01T00:00:02.000Z' },
    ]);
  });
});

describe('the responder', () => {
  it('is replaced ten days before its end, with its records', async () => {
    const { authorities } = system.server.platform;
    const before = issuing.responder;
    now = new Date(now.getTime() + 21 * 86_400_000);
    const records = await system.recordsOf(async () => await authorities.turn());
    const own = records.filter(({ content }) => JSON.stringify(content).includes(issuing.id));
    expect(own.map(({ envelope }) => envelope.event)).toEqual([
      'CERT_REQUEST_PROCESSED',
      'OCSP_SIGNING_INFO',
      'FULL_CRL_GENERATION',
    ]);
    const admin = await system.signIn('admin');
    const { responder } = await showAuthority(system, admin, issuing.id);
    expect(responder?.fingerprint).not.toBe(before?.fingerprint);
    expect(own[0]?.content.target?.id).toBe(responder?.fingerprint);
  });
});

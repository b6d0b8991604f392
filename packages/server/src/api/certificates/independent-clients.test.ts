import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openSsl } from '../../ca/testing/openssl.ts';
import { startTestServer } from '../../testing/harness.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

interface Enrolled {
  readonly certificate: {
    readonly id: number;
    readonly pem: string;
    readonly authority: { readonly id: string };
  };
}

test.skipIf(!hasCurl)(
  'curl and openssl alone (skipped where there is no curl): a request, its certificate, the chain, the revocation',
  async () => {
    const system = await startTestServer({ realTime: true });
    const { port } = await system.server.listen();
    const base = `http://127.0.0.1:${port}`;
    const cookie = await system.signInAs('operator', ['CA Operations']);
    await using ssl = await openSsl();
    const curl = async (...args: string[]): Promise<string> =>
      (await run('curl', ['-sS', '--fail-with-body', ...args], { cwd: ssl.dir })).stdout;
    const post = async <T>(path: string, body: unknown): Promise<T> => {
      await ssl.write('body.json', JSON.stringify(body));
      const json = ['-H', 'content-type: application/json', '--data', '@body.json'];
      return JSON.parse(await curl('-H', `cookie: ${cookie}`, ...json, base + path)) as T;
    };

    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'www.key',
    ];
    const names = ['-subj', '/CN=www.example.com', '-addext', 'subjectAltName=DNS:www.example.com'];
    await ssl.run('req', '-new', ...key, ...names, '-out', 'www.csr');
    const csr = (await ssl.read('www.csr')).toString();
    const { certificate } = await post<Enrolled>('/api/v1/enrollment/csr', {
      template: 'WebServer',
      csr,
    });
    await ssl.write('www.pem', certificate.pem);

    // The authorities' certificates come from where everybody gets them.
    const published = `${base}/pki/${certificate.authority.id}`;
    await curl('-o', 'issuing.der', `${published}/ca.crt`);
    await ssl.run('x509', '-inform', 'der', '-in', 'issuing.der', '-out', 'issuing.pem');
    const root = await system.server.platform.state.db
      .selectFrom('authorities')
      .select('id')
      .where('parent', 'is', null)
      .executeTakeFirstOrThrow();
    await curl('-o', 'root.der', `${base}/pki/${root.id}/ca.crt`);
    await ssl.run('x509', '-inform', 'der', '-in', 'root.der', '-out', 'root.pem');
    const chain = ['-CAfile', 'root.pem', '-untrusted', 'issuing.pem'];
    expect(
      await ssl.run(
        'verify',
        '-purpose',
        'sslserver',
        '-verify_hostname',
        'www.example.com',
        ...chain,
        'www.pem',
      ),
    ).toBe('www.pem: OK\n');

    const ocsp = [
      'ocsp',
      '-issuer',
      'issuing.pem',
      '-cert',
      'www.pem',
      '-url',
      `${published}/ocsp`,
    ];
    const good = await ssl.run(...ocsp, '-CAfile', 'root.pem');
    expect(good).toContain('Response verify OK');
    expect(good).toContain('www.pem: good');
    const ids = [certificate.id];
    const revocation = { ids, reason: 1, comment: 'the laptop was stolen' };
    expect(await post('/api/v1/certificates/revoke', revocation)).toEqual({
      revoked: ids,
      refused: [],
    });
    const revoked = await ssl.run(...ocsp, '-CAfile', 'root.pem');
    expect(revoked).toContain('Response verify OK');
    expect(revoked).toContain('www.pem: revoked');
    expect(revoked).toContain('Reason: keyCompromise');
    await post(`/api/v1/authorities/${certificate.authority.id}/crl`, { kind: 'full' });
    await curl('-o', 'full.der', `${published}/full.crl`);
    await ssl.run('crl', '-inform', 'der', '-in', 'full.der', '-out', 'full.pem');
    expect(await ssl.run('crl', '-in', 'full.pem', '-CAfile', 'issuing.pem', '-noout')).toContain(
      'verify OK',
    );
    await expect(
      ssl.run('verify', '-crl_check', '-CRLfile', 'full.pem', ...chain, 'www.pem'),
    ).rejects.toThrow('certificate revoked');
  },
);

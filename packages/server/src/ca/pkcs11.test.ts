import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueForTest } from '../authorities/testing.ts';
import { startTestServer } from '../testing/harness.ts';
import { signCertificate } from './certificate.ts';
import { generateKeyPair, type KeyAlgorithm } from './key-algorithm.ts';
import { openTokenWith } from './pkcs11.ts';

const MODULE = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));
const missing = [
  ...(MODULE === undefined ? ['SoftHSM (softhsm2)'] : []),
  ...(isInstalled('pkcs11js') ? [] : ['the package pkcs11js']),
].join(' and ');
const because = missing === '' ? '' : ` (skipped: without ${missing})`;
const PIN = '271828';

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(missing !== '')(`a key in a SoftHSM token${because}`, () => {
  const module = MODULE ?? '';
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'countersign-softhsm-'));
    await mkdir(join(dir, 'tokens'));
    const conf = join(dir, 'softhsm2.conf');
    await writeFile(conf, `directories.tokendir = ${join(dir, 'tokens')}\nlog.level = ERROR\n`);
    // SoftHSM reads it when the module is initialized, in this process.
    process.env['SOFTHSM2_CONF'] = conf;
    await softhsm('--init-token', '--free', '--label', 'test', '--so-pin', '1234', '--pin', PIN);
    for (const [i, algorithm] of (['P-256', 'P-384', 'RSA-2048'] as const).entries()) {
      const { privateKey } = await generateKeyPair(algorithm);
      const file = join(dir, `${algorithm}.pem`);
      await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const names = ['--label', algorithm, '--id', `0${i}`];
      await softhsm('--import', file, '--token', 'test', ...names, '--pin', PIN);
    }
  });
  afterAll(async () => await rm(dir, { recursive: true }));

  async function softhsm(...args: string[]): Promise<void> {
    await promisify(execFile)('softhsm2-util', args);
  }

  it.each<KeyAlgorithm>(['P-256', 'P-384', 'RSA-2048'])('%s signs certificates', async (name) => {
    const signer = await openTokenWith({ pin: PIN, modules: [module] })({
      module,
      slot: 'test',
      key: name,
    });
    expect(signer.algorithm).toBe(name);
    const order = {
      issuer: { certificate: null, signer },
      subject: 'CN=In a token',
      sans: [],
      publicKey: signer.publicKey,
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
      keyUsage: ['keyCertSign'],
      extendedKeyUsage: [],
      authority: { pathLength: null },
    };
    // At once: a session signs one thing after another.
    const made = await Promise.all([1, 2, 3].map(async () => await signCertificate(order)));
    for (const { der } of made) {
      expect(new X509Certificate(der).verify(signer.publicKey)).toBe(true);
    }
  });

  it('is that of an authority, whose state holds where it is and no key', async () => {
    const settings = { COUNTERSIGN_PKCS11_PIN: PIN, COUNTERSIGN_PKCS11_MODULES: module };
    const system = await startTestServer({ settings, withoutTimers: true });
    const token = { module, slot: 'test', key: 'P-384' };
    const wanted = { name: 'In a token', subject: 'CN=In a token', parent: null, days: 365, token };
    const cookie = await system.signIn('admin');
    const make = { method: 'POST', cookie, body: wanted };
    const answer = await system.request('/api/v1/authorities', make);
    expect(await answer.json()).toMatchObject({
      keyAlgorithm: 'P-384',
      token,
      lists: { full: { number: 1 } },
    });
    const certificate = await issueForTest(system, 'In a token');
    const { authorities, state } = system.server.platform;
    const authority = await authorities.find(state.db, 'In a token');
    expect(authority.sealedKey).toBeNull();
    const issuer = new X509Certificate(authority.certificate.der);
    expect(new X509Certificate(certificate.der).verify(issuer.publicKey)).toBe(true);
  });

  it('is not had without the module, the token, the key, a PIN', async () => {
    const key = { module, slot: 'test', key: 'P-256' };
    const refused = async (pin: string | null, wanted: typeof key, message: string) => {
      await expect(
        openTokenWith({ pin, modules: [module, '/nowhere.so'] })(wanted),
      ).rejects.toMatchObject({
        code: 'token_unavailable',
        message: expect.stringContaining(message),
      });
    };
    await refused(null, key, 'PKCS#11: expected the PIN in COUNTERSIGN_PKCS11_PIN, got none');
    await refused(PIN, { ...key, slot: 'other' }, `PKCS#11: ${module}: there is no token "other"`);
    await refused(
      PIN,
      { ...key, key: 'other' },
      'PKCS#11: there is no private key "other" in the token',
    );
    await refused(PIN, { ...key, module: '/nowhere.so' }, 'PKCS#11: /nowhere.so: ');
    await refused(
      PIN,
      { ...key, module: '/other.so' },
      'PKCS#11: expected a module named in COUNTERSIGN_PKCS11_MODULES, got /other.so',
    );
  });
});

it.skipIf(isInstalled('pkcs11js'))(
  'a token without the package that speaks to it says what to install',
  async () => {
    await expect(
      openTokenWith({ pin: PIN, modules: ['/x.so'] })({ module: '/x.so', slot: 'a', key: 'b' }),
    ).rejects.toMatchObject({
      code: 'token_unavailable',
      message: 'PKCS#11: expected the package pkcs11js to be installed: npm install pkcs11js',
    });
  },
);

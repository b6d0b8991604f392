import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatPrivateKey } from '../../ca/containers.ts';
import { integer, octets, oid, sequence } from '../../ca/der.ts';
import { formatPem } from '../../ca/pem.ts';
import { testCertificate, testRoot } from '../testing/certificates.ts';
import type { Entry } from './found.ts';
import { inventoryPem, putPem, removePem, type PemOptions } from './pem-store.ts';
import { joinPem, splitPem } from './pem-text.ts';

const root = await testRoot();
const middle = await testCertificate(root, 'Test Issuing', { authority: true });
const old = await testCertificate(middle, 'old.example.com');
const renewed = await testCertificate(middle, 'new.example.com');
const sameKey = await testCertificate(middle, 'same key', { of: old });
const other = await testCertificate(root, 'other.example.com');

const FILE: PemOptions = { what: '/x.pem', passwords: [], single: false };
const pem = (of: typeof old) => of.certificate.pem;
const keyOf = (of: typeof old) => formatPrivateKey(of.key, null);
function entry(of: typeof old, more: Partial<Entry> = {}): Entry & { readonly alias: null } {
  const { certificate, chain, key } = of;
  return { certificate, chain, key, entryPassword: null, overwrite: false, alias: null, ...more };
}
function put(
  main: string | null,
  wanted: Entry,
  options: Partial<PemOptions> = {},
  alias: string | null = null,
) {
  return putPem({ main }, wanted, { ...FILE, ...options, alias }).main;
}
const subjects = (text: string | null) =>
  splitPem(text ?? '')
    .filter(({ label }) => label !== null)
    .map(({ certificate, label }) => certificate?.commonName ?? label);

describe('a PEM file', () => {
  it('is told apart without losing a byte', () => {
    const text = `# intro\r\n${pem(old)}between\n-----BEGIN DH PARAMETERS-----\nAA==\n-----END DH PARAMETERS-----\n\n${keyOf(old)}-----BEGIN CERTIFICATE-----\nno end`;
    const stretches = splitPem(text);
    expect(joinPem(stretches)).toBe(text);
    expect(stretches.map(({ label }) => label)).toEqual([
      null,
      'CERTIFICATE',
      null,
      'DH PARAMETERS',
      null,
      'PRIVATE KEY',
      null,
    ]);
  });

  it('is told apart in a moment whatever stands in it', () => {
    const hostile = '-----BEGIN CERTIFICATE-----\n'.repeat(40_000);
    expect(joinPem(splitPem(hostile))).toBe(hostile);
    const many = Array.from({ length: 20_000 }, (_, i) => `-----BEGIN A${i}-----\n`).join('');
    expect(splitPem(many)).toHaveLength(1);
  });

  it('shows each certificate, what stands above it, and whose key is there', () => {
    const text = pem(old) + pem(middle) + keyOf(old) + pem(other) + pem(root);
    expect(
      inventoryPem({ main: text }, FILE).map((found) => [
        found.certificate.commonName,
        found.chainPosition,
        found.hasPrivateKey,
      ]),
    ).toEqual([
      ['old.example.com', 0, true],
      ['Test Issuing', 1, false],
      ['other.example.com', 0, false],
      ['Test Root', 2, false],
    ]);
  });

  it('takes a certificate with its chain and key where nothing was', () => {
    const made = put(null, entry(old));
    expect(made).toBe(pem(old) + pem(middle) + keyOf(old));
    expect(put(made, entry(old))).toBe(made);
  });

  it('replaces what it stands for, at its place, and keeps everything else', () => {
    const before = `# kept\n${pem(other)}${pem(old)}${pem(middle)}# mine\n${keyOf(old)}-----BEGIN DH PARAMETERS-----\nAA==\n-----END DH PARAMETERS-----\n`;
    expect(() => put(before, entry(renewed))).toThrow(
      expect.objectContaining({
        code: 'entry_exists',
        message: `the store has another certificate as "${old.certificate.fingerprint}": allow overwriting to replace it`,
      }),
    );
    const after = put(before, entry(renewed, { overwrite: true }));
    expect(after).toBe(before.replace(pem(old), pem(renewed)).replace(keyOf(old), keyOf(renewed)));
    expect(put(after, entry(renewed, { overwrite: true }))).toBe(after);
  });

  it('takes a certificate for a key that is there already', () => {
    const before = pem(old) + pem(middle) + keyOf(old);
    const after = put(before, entry(sameKey, { key: null, overwrite: true }));
    expect(after).toBe(pem(sameKey) + pem(middle) + keyOf(old));
  });

  it('adds what is only trusted at the end, once', () => {
    const before = pem(old) + keyOf(old).trimEnd();
    const after = put(before, entry(other, { key: null }));
    expect(after).toBe(`${before}\n${pem(other)}`);
    expect(put(after, entry(other, { key: null }))).toBe(after);
  });

  it('does not give up a private key for a certificate without one', () => {
    const before = pem(old) + keyOf(old);
    const options = { single: true };
    expect(() => put(before, entry(other, { key: null, overwrite: true }), options)).toThrow(
      expect.objectContaining({ code: 'key_not_kept' }),
    );
    const named = entry(other, { key: null, overwrite: true });
    expect(() => put(before, named, {}, old.certificate.fingerprint)).toThrow(
      expect.objectContaining({
        code: 'key_not_kept',
        message: `"${old.certificate.fingerprint}" has a private key in the store that is not this certificate's: expected the certificate with its key, got it alone`,
      }),
    );
  });

  it('has keys in a file of their own', () => {
    const first = putPem({ main: null, keys: null }, entry(old), { ...FILE, alias: null });
    expect(first).toEqual({ main: pem(old) + pem(middle), keys: keyOf(old) });
    const next = putPem(first, entry(renewed, { overwrite: true }), { ...FILE, alias: null });
    expect(next).toEqual({ main: pem(renewed) + pem(middle), keys: keyOf(renewed) });
    expect(putPem(next, entry(renewed), { ...FILE, alias: null })).toEqual(next);
    const gone = removePem(next, renewed.certificate.fingerprint, FILE);
    expect(gone).toEqual({ main: null, keys: null });
  });

  it('does not overwrite a key of nobody without being told to', () => {
    const texts = { main: '', keys: keyOf(other) };
    expect(() => putPem(texts, entry(old), { ...FILE, alias: null })).toThrow(
      expect.objectContaining({ code: 'entry_exists' }),
    );
    const done = putPem(texts, entry(old, { overwrite: true }), { ...FILE, alias: null });
    expect(done.keys).toBe(keyOf(old));
  });

  it('encrypts a key by the password of its entry, and knows it again by that', () => {
    const made = put(null, entry(old, { entryPassword: 'entry password' })) ?? '';
    expect(made).toContain('-----BEGIN ENCRYPTED PRIVATE KEY-----');
    const known = { ...FILE, passwords: ['entry password'] };
    expect(putPem({ main: made }, entry(old), { ...known, alias: null }).main).toBe(made);
    expect(inventoryPem({ main: made }, FILE)[0]?.hasPrivateKey).toBe(true);
  });

  it('loses a certificate with its key, and of the chain what nothing else needs', () => {
    const text = `# head\n${pem(old)}${pem(middle)}${keyOf(old)}${pem(other)}${pem(root)}`;
    const after = removePem({ main: text }, old.certificate.fingerprint, FILE).main;
    expect(after).toBe(`# head\n${pem(other)}${pem(root)}`);
    expect(removePem({ main: after }, old.certificate.fingerprint, FILE).main).toBe(after);
    const trusted = removePem(
      { main: pem(other) + pem(root) },
      other.certificate.fingerprint,
      FILE,
    );
    expect(trusted.main).toBe(pem(root));
  });

  it('keeps the chain that another certificate needs', () => {
    const text = pem(old) + keyOf(old) + pem(middle) + pem(renewed);
    const after = removePem({ main: text }, old.certificate.fingerprint, FILE).main;
    expect(subjects(after)).toEqual(['Test Issuing', 'new.example.com']);
  });

  it('keeps certificates that nobody can read', () => {
    const odd = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const after = put(odd, entry(old)) ?? '';
    expect(after).toContain(odd);
    expect(new X509Certificate(after.replace(odd, '')).subject).toContain('old.example.com');
  });

  it('holds a bounded number of blocks, and of encrypted keys', () => {
    const many = Array.from({ length: 2_001 }, () => '').join(pem(other));
    expect(inventoryPem({ main: many }, FILE)).toHaveLength(1);
    expect(() => inventoryPem({ main: many + pem(other) }, FILE)).toThrow(
      expect.objectContaining({
        code: 'store_malformed',
        message: '/x.pem: expected at most 2000 blocks, got 2001',
      }),
    );
    const locked = formatPrivateKey(old.key, 'password').repeat(31);
    expect(() => inventoryPem({ main: locked }, FILE)).toThrow(
      expect.objectContaining({
        message: '/x.pem: expected at most 60 encrypted keys, got more',
      }),
    );
  });

  it('with a key that takes years to open is read at once', () => {
    const derivation = sequence(
      oid('1.2.840.113549.1.5.12'),
      sequence(octets(Buffer.alloc(16)), integer(2 ** 31 - 1)),
    );
    const cipher = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(Buffer.alloc(16)));
    const costly = sequence(
      sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher)),
      octets(Buffer.alloc(48)),
    );
    const text = pem(old) + formatPem('ENCRYPTED PRIVATE KEY', costly);
    const known = { ...FILE, passwords: ['password'] };
    expect(inventoryPem({ main: text }, known)[0]?.hasPrivateKey).toBe(true);
  });
});

import { expect, test } from 'vitest';
import { keyText, nameOf, standingOf } from './certificate-state.ts';

const now = new Date('2026-11-22T12:00:00Z');
const valid = {
  state: 'active' as const,
  expired: false,
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2027-06-01T00:00:00Z',
};

test('revoked and on hold come before expired, expired before expiring', () => {
  const over = { ...valid, notAfter: '2026-11-01T00:00:00Z', expired: true };
  expect(standingOf({ ...over, state: 'revoked' }, now, 30).word).toBe('Revoked');
  expect(standingOf({ ...over, state: 'held' }, now, 30).word).toBe('On hold');
  expect(standingOf(over, now, 30).word).toBe('Expired');
  expect(standingOf({ ...valid, notAfter: '2026-12-01T00:00:00Z' }, now, 30)).toEqual({
    tone: 'warn',
    word: 'Expires in 8 days',
  });
  expect(standingOf({ ...valid, notAfter: '2026-11-22T13:00:00Z' }, now, 30).word).toBe(
    'Expires today',
  );
  expect(standingOf({ ...valid, notBefore: '2026-12-01T00:00:00Z' }, now, 30).word).toBe(
    'Not valid yet',
  );
  expect(standingOf(valid, now, 30)).toEqual({ tone: 'accent', word: 'Active' });
});

test("how soon is soon is the settings' to say", () => {
  const inDecember = { ...valid, notAfter: '2026-12-24T00:00:00Z' };
  expect(standingOf(inDecember, now, 30).word).toBe('Active');
  expect(standingOf(inDecember, now, 60).word).toBe('Expires in 31 days');
});

test('it ends while the page is open', () => {
  expect(standingOf(valid, new Date(valid.notAfter), 30).word).toBe('Expired');
});

test('a certificate without a common name goes by its subject, then by its serial number', () => {
  expect(nameOf({ commonName: 'a', subject: 'CN=a', serial: '1f' })).toBe('a');
  expect(nameOf({ commonName: null, subject: 'O=b', serial: '1f' })).toBe('O=b');
  expect(nameOf({ commonName: '', subject: '', serial: '1f' })).toBe('0x1f');
});

test('a key is called by its kind and size', () => {
  expect(keyText({ keyType: 'EC', keySize: 256 })).toBe('EC P-256');
  expect(keyText({ keyType: 'RSA', keySize: 3072 })).toBe('RSA 3072');
  expect(keyText({ keyType: 'Ed25519', keySize: 256 })).toBe('Ed25519');
});

import { describe, expect, test } from 'vitest';
import type { PkiSession } from '../session.ts';
import { certificateId, certificateIds, parseReference } from './reference.ts';

const SHA256 = 'ab'.repeat(32);
const SHA1 = 'cd'.repeat(20);
const withColons = (hex: string): string => hex.toUpperCase().match(/../g)?.join(':') ?? '';

/** A session that finds so many certificates, and what it was asked. */
function finding(...ids: readonly number[]) {
  const asked: (string | number | undefined)[] = [];
  const session: PkiSession = {
    url: 'https://localhost:8443',
    send: () => Promise.reject(new Error('nothing is sent')),
    json: <T>(_: string, __: string, options?: Parameters<PkiSession['json']>[2]) => {
      asked.push(options?.query?.['query']);
      const certificates = ids.map((id) => ({ id, subject: `CN=c${id}`, issuer: 'CN=ca' }));
      return Promise.resolve({ certificates, total: ids.length, next: null } as T);
    },
  };
  return { session, asked };
}

describe('a certificate is named', () => {
  test.for([
    ['17', { kind: 'id', id: 17 }],
    ['0x1F2e', { kind: 'serial', hex: '1f2e' }],
    ['0x17', { kind: 'serial', hex: '17' }],
    ['00:1f:2e', { kind: 'serial', hex: '1f2e' }],
    [`0x${SHA1}`, { kind: 'serial', hex: SHA1 }],
    [SHA256, { kind: 'fingerprint', hex: SHA256 }],
    [withColons(SHA256), { kind: 'fingerprint', hex: SHA256 }],
    [SHA1.toUpperCase(), { kind: 'thumbprint', hex: SHA1 }],
    [withColons(SHA1), { kind: 'thumbprint', hex: SHA1 }],
  ] as const)('by %s', ([text, reference]) => {
    expect(parseReference(text)).toEqual(reference);
  });

  test.for(['', '0', '017', '1f2e', '0x', '1f:2', 'www.example.com', '-1', '1 2'])(
    'not by %j',
    (text) => {
      expect(() => parseReference(text)).toThrow(
        `CERTIFICATE: expected an ID, a serial number (0x… or with colons) or a SHA-256 or SHA-1 fingerprint, got "${text}"`,
      );
    },
  );
});

describe('its number', () => {
  test('is asked for by serial number and fingerprint, not by ID', async () => {
    const { session, asked } = finding(5);
    expect(await certificateId(session, '17')).toBe(17);
    expect(await certificateId(session, '0x1F')).toBe(5);
    expect(await certificateId(session, SHA256)).toBe(5);
    expect(await certificateId(session, SHA1)).toBe(5);
    expect(asked).toEqual([
      'SerialNumber -eq "0x1f"',
      `Fingerprint -eq "${SHA256}"`,
      `Thumbprint -eq "${SHA1}"`,
    ]);
  });

  test('is there once for a certificate that is named twice', async () => {
    const { session } = finding(5);
    expect(await certificateIds(session, ['7', '0x1f', '5'])).toEqual([7, 5]);
  });

  test('of none is an error', async () => {
    const { session } = finding();
    await expect(certificateId(session, '0x1f')).rejects.toMatchObject({
      code: 'certificate_missing',
      message: 'there is no certificate "0x1f"',
    });
  });

  test('of several is asked for by ID', async () => {
    const { session } = finding(5, 6);
    await expect(certificateId(session, '0x1f')).rejects.toMatchObject({
      code: 'usage',
      message:
        '"0x1f" names 2 certificates; name the one you mean by its ID: 5 (CN=c5, issued by CN=ca); 6 (CN=c6, issued by CN=ca)',
    });
  });
});

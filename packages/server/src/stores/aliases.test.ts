import { describe, expect, it } from 'vitest';
import { aliasFor } from './aliases.ts';

const FILE = { kind: 'pem-file', filePattern: '*.pem' } as const;
const FOLDER = { kind: 'pem-folder', filePattern: '*.crt,*.pem' } as const;
const PKCS12 = { kind: 'pkcs12-file', filePattern: '*.p12' } as const;

describe('an alias that nobody gave', () => {
  it.each([
    ['CN=www.example.com,O=Example', 'www.example.com'],
    ['CN=*.example.com', 'wildcard.example.com'],
    ['CN=../../etc/passwd', 'etc-passwd'],
    ['CN=Jörg Müller', 'j-rg-m-ller'],
    ['O=nobody', 'certificate'],
    ['no subject', 'certificate'],
  ])('is made of %s', (subject, name) => {
    expect(aliasFor(FOLDER, null, subject, 'alias')).toBe(`${name}.crt`);
    expect(aliasFor(PKCS12, null, subject, 'alias')).toBe(name);
    expect(aliasFor(FILE, null, subject, 'alias')).toBeNull();
  });
});

describe('an alias', () => {
  it('of a PEM file is a fingerprint', () => {
    expect(aliasFor(FILE, 'a'.repeat(64), '', 'alias')).toBe('a'.repeat(64));
    expect(() => aliasFor(FILE, 'site', '', 'stores.0.alias')).toThrow(
      expect.objectContaining({
        code: 'request_invalid',
        message:
          'stores.0.alias: expected nothing, or the fingerprint (SHA-256, hex) of the certificate to be replaced, got "site"',
      }),
    );
  });

  it.each(['../a.pem', 'a/b.pem', '.a.pem', 'a\n.pem', 'a.txt', 'a.key', `${'a'.repeat(130)}.pem`])(
    'of a folder is the name of a file in it, not %j',
    (alias) => {
      expect(() => aliasFor(FOLDER, alias, '', 'alias')).toThrow(
        expect.objectContaining({ code: 'request_invalid' }),
      );
    },
  );

  it('of a PKCS#12 file is one line', () => {
    expect(aliasFor(PKCS12, 'my/alias 1', '', 'alias')).toBe('my/alias 1');
    for (const alias of ['two\nlines', ' spaces ', 'a'.repeat(256), 'right\u202eto left'])
      expect(() => aliasFor(PKCS12, alias, '', 'alias')).toThrow(
        expect.objectContaining({ code: 'request_invalid' }),
      );
  });
});

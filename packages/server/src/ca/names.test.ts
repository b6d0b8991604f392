import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequence, setOf, oid, text, TAG } from './der.ts';
import {
  commonNameOf,
  decodeDn,
  encodeDn,
  formatDn,
  parseDn,
  type NameAttribute,
} from './names.ts';

/** Values that a CN may have. */
const value = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 64 })
  .filter((candidate) => candidate.isWellFormed() && !candidate.includes('\0'));
const attribute: fc.Arbitrary<NameAttribute> = fc
  .tuple(fc.constantFrom('2.5.4.3', '2.5.4.10', '2.5.4.11', '1.3.6.1.4.1.55555.7'), value)
  .map(([type, content]) => ({ type, value: content }));

describe('distinguished names', () => {
  it.each([
    ['CN=www.example.com,O=Example,C=DE', 'CN=www.example.com,O=Example,C=DE'],
    [
      ' cn = Jo Doe , o=Example\\, Inc.,dc=example , dc=com ',
      'CN=Jo Doe,O=Example\\, Inc.,DC=example,DC=com',
    ],
    ['S=Bayern,EMAIL=a@b.de,2.5.4.10=x,OID.1.2.3=y', 'ST=Bayern,E=a@b.de,O=x,1.2.3=y'],
    ['CN=a+OU=b,O=c', 'CN=a+OU=b,O=c'],
    [String.raw`CN=\ a\ ,O=\#b,OU=J\c3\b6rg`, String.raw`CN=\ a\ ,O=\#b,OU=Jörg`],
    [String.raw`CN=#0c0161`, 'CN=a'],
    [String.raw`1.2.3=#020105`, '1.2.3=#020105'],
    ['CN=a[b]\n', String.raw`CN=a\5bb\5d`],
    ['', ''],
  ])('reads %j', (written, canonical) => {
    expect(formatDn(parseDn(written))).toBe(canonical);
    expect(formatDn(parseDn(canonical))).toBe(canonical);
  });

  it('keeps the most general part first inside, and in DER', () => {
    expect(parseDn('CN=a,O=b')).toEqual([
      [{ type: '2.5.4.10', value: 'b' }],
      [{ type: '2.5.4.3', value: 'a' }],
    ]);
    expect(encodeDn(parseDn('CN=a,C=DE')).toString('hex')).toBe(
      '3019310b3009060355040613024445310a300806035504030c0161',
    );
  });

  it('comes back from DER and from text as it was, whatever is in it', () => {
    const name = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { maxLength: 5 });
    fc.assert(
      fc.property(name, (wanted) => {
        const written = formatDn(wanted);
        expect(parseDn(written)).toEqual(wanted);
        const decoded = decodeDn(encodeDn(wanted));
        // Inside one relative name DER sorts.
        const sorted = (parts: typeof decoded) =>
          parts.map((attributes) => attributes.map((one) => JSON.stringify(one)).sort());
        expect(sorted(decoded)).toEqual(sorted(wanted));
      }),
    );
  });

  it('never fails otherwise than by saying what is wrong', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (anything) => {
        try {
          parseDn(anything);
        } catch (error) {
          expect(error).toMatchObject({ code: 'subject_invalid' });
        }
      }),
    );
  });

  it('reads the texts of other encoders', () => {
    const of = (element: Buffer) =>
      formatDn(decodeDn(sequence(setOf(sequence(oid('2.5.4.3'), element)))));
    expect(of(text(TAG.bmp, '\0J\0\xf6'))).toBe('CN=Jö');
    expect(of(text(TAG.universal, '\0\x01\xf6\x00'))).toBe('CN=😀');
    expect(of(text(TAG.t61, 'J\xf6'))).toBe('CN=Jö');
    expect(of(text(TAG.integer, '\x05'))).toBe('CN=#020105');
  });

  it('knows the common name', () => {
    expect(commonNameOf(parseDn('CN=a,CN=b,O=c'))).toBe('a');
    expect(commonNameOf(parseDn('O=c'))).toBeNull();
  });

  it.each([
    ['www.example.com', 'expected a part like CN=value, got "www.example.com"'],
    ['CN=a,', 'expected a part like CN=value, got ""'],
    ['CN=a,,O=b', 'expected a part like CN=value, got ",O=b"'],
    ['CN=', 'CN: expected a value, got none'],
    ['XY=a', 'expected an attribute type like CN, O, C or 2.5.4.3, got "XY"'],
    ['3.1=a', 'expected an attribute type like CN, O, C or 2.5.4.3, got "3.1"'],
    ['C=Germany', 'C: expected at most 2 characters, got 7'],
    ['C=12', 'C: expected a country code of two letters, got "12"'],
    [`CN=${'a'.repeat(65)}`, 'CN: expected at most 64 characters, got 65'],
    ['CN=a;O=b', 'expected \\ before ";"'],
    ['CN="a, b"', 'expected \\ before """'],
    [String.raw`CN=\x`, 'expected a special character behind \\, got "x"'],
    [String.raw`CN=\ff`, 'expected values in UTF-8'],
    ['CN=#zz', 'expected hexadecimal digits behind #, got "#zz"'],
    ['CN=#0c05', 'expected DER behind #, got "#0c05"'],
    ['DC=jörg', 'DC: expected ASCII, got "jörg"'],
    ['a'.repeat(2_001), 'expected at most 2000 bytes'],
    [Array.from({ length: 65 }, () => 'CN=a').join(','), 'expected at most 64 parts'],
    ['CN=a\\00b', 'CN: expected text without NUL'],
  ])('refuses %j, saying where', (name, message) => {
    expect(() => parseDn(name)).toThrow(
      expect.objectContaining({ code: 'subject_invalid', message: `subject: ${message}` }),
    );
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { DerReader, readOid, readWhole, TAG, type Element } from '../ca/der.ts';
import { certificateParts, extensionsOf, readCertificate } from '../ca/read-certificate.ts';
import { startTestServer, type TestServer } from '../testing/harness.ts';
import { issueForTest } from './testing.ts';

/**
 * What a linter would say of everything that a new server has issued. There is no linter of certificates in npm or Debian
 * to run instead; these are the rules of RFC 5280, and those of the CA/Browser Forum's Baseline Requirements that are
 * about form.
 */

interface Linted {
  readonly kind: 'authority' | 'responder' | 'leaf';
  readonly der: Buffer;
  readonly issuer: Buffer;
}
const linted = new Map<string, Linted>();

const KINDS = ['root', 'issuing', 'responder', 'leaf', 'leaf without a subject', 'long-lived leaf'];

async function ownCertificates(system: TestServer): Promise<void> {
  const { authorities, state } = system.server.platform;
  const root = await authorities.find(state.db, 'Countersign Root CA');
  const issuing = await authorities.find(state.db, 'Countersign Issuing CA');
  const by = (authority: typeof root) => authority.certificate.der;
  const add = (name: string, kind: Linted['kind'], der: Buffer, issuer: Buffer) =>
    linted.set(name, { kind, der, issuer });
  add('root', 'authority', by(root), by(root));
  add('issuing', 'authority', by(issuing), by(root));
  add(
    'responder',
    'responder',
    readCertificate(issuing.responder?.certificate ?? '').der,
    by(issuing),
  );
  const leaf = await issueForTest(system, issuing.id, {
    subject: 'CN=www.example.com,O=Jörg,C=DE',
  });
  add('leaf', 'leaf', leaf.der, by(issuing));
  const nameless = await issueForTest(system, issuing.id, { subject: '' });
  add('leaf without a subject', 'leaf', nameless.der, by(issuing));
  const lasting = await issueForTest(system, issuing.id, {
    days: 30_000,
    policies: ['2.23.140.1.2.2'],
  });
  add('long-lived leaf', 'leaf', lasting.der, by(issuing));
}

beforeAll(async () => {
  const system = await startTestServer({
    settings: { COUNTERSIGN_PKI_URL: 'http://ca.example.com' },
    withoutTimers: true,
  });
  await ownCertificates(system);
});

const find = (name: string): Linted => {
  const found = linted.get(name);
  if (found === undefined) throw new Error(`no certificate ${name}`);
  return found;
};

/** Every value in a certificate, all the way down; extensions' values are DER of their own. */
function* values(bytes: Uint8Array): Generator<Element> {
  for (const element of new DerReader(bytes).rest()) {
    yield element;
    if ((element.tag & 0x20) !== 0) yield* values(element.content);
  }
}

function body(der: Buffer): DerReader {
  return new DerReader(readWhole(der).content).into();
}

describe.each(KINDS)('the certificate of %s', (name) => {
  it('is version 3 with a serial number of at most 20 bytes, positive, with 64 bits of chance', () => {
    const reader = body(find(name).der);
    expect(reader.next(0xa0).content.toString('hex')).toBe('020102');
    const serial = reader.next(TAG.integer).content;
    expect(serial.length).toBe(16);
    expect(serial[0]).toBeGreaterThan(0);
    expect(serial[0]).toBeLessThan(0x80);
  });

  it('is DER throughout: shortest lengths, booleans of one value, no needless bits', () => {
    const { der } = find(name);
    const all = [
      ...values(der),
      ...[...extensionsOf(der).values()].flatMap(({ value }) => [...values(value)]),
    ];
    for (const { tag, content } of all) {
      if (tag === TAG.boolean) expect(content.toString('hex')).toBe('ff');
      if (tag === TAG.integer && content.length > 1 && content[0] === 0)
        expect(content[1]).toBeGreaterThanOrEqual(0x80);
    }
    const usage = extensionsOf(der).get('2.5.29.15');
    if (usage === undefined) return;
    const [unused = 0, ...bytes] = readWhole(usage.value, TAG.bitString).content;
    const last = bytes.at(-1) ?? 0;
    // A list of named bits ends with one that is set (X.690 section 11.2.2).
    expect((last >> unused) & 1).toBe(1);
  });

  it('has times of the right type, without fractions, within those of its issuer', () => {
    const { der, issuer } = find(name);
    const reader = body(der);
    reader.next();
    // Serial number, algorithm, issuer.
    for (let i = 0; i < 3; i += 1) reader.next();
    for (const { tag, content } of reader.into().rest()) {
      const text = content.toString('latin1');
      const year = tag === TAG.utcTime ? Number(`20${text.slice(0, 2)}`) : Number(text.slice(0, 4));
      expect(tag).toBe(year < 2050 ? TAG.utcTime : TAG.generalizedTime);
      expect(text).toMatch(tag === TAG.utcTime ? /^\d{12}Z$/ : /^\d{14}Z$/);
    }
    expect(readCertificate(der).notAfter <= readCertificate(issuer).notAfter).toBe(true);
  });

  it('names its issuer by the bytes of its name, and by its key', () => {
    const { der, issuer } = find(name);
    expect(certificateParts(der).issuer).toEqual(certificateParts(issuer).subject);
    expect(certificateParts(der).issuer.length).toBeGreaterThan(2);
    const [own, above] = [readCertificate(der), readCertificate(issuer)];
    expect(own.subjectKeyId).toMatch(/^[0-9a-f]{40}$/);
    expect(own.authorityKeyId).toBe(above.subjectKeyId);
  });

  it('has critical what must be, and nothing else', () => {
    const { kind, der } = find(name);
    const critical = [...extensionsOf(der).values()].filter((one) => one.critical);
    const nameless = readCertificate(der).subject === '';
    expect(critical.map(({ id }) => id).sort()).toEqual(
      ['2.5.29.15', ...(nameless ? ['2.5.29.17'] : []), '2.5.29.19'].sort(),
    );
    const constraints = extensionsOf(der).get('2.5.29.19')?.value.toString('hex');
    expect(constraints?.startsWith('30030101ff') || constraints?.startsWith('30060101ff02')).toBe(
      kind === 'authority',
    );
  });

  it('may do what its kind does', () => {
    const { kind, der } = find(name);
    const { keyUsage, extendedKeyUsage, isAuthority } = readCertificate(der);
    const expected = {
      authority: [['keyCertSign', 'cRLSign'], []],
      responder: [['digitalSignature'], ['OCSPSigning']],
      leaf: [['digitalSignature'], ['serverAuth']],
    } as const;
    expect([keyUsage, extendedKeyUsage]).toEqual(expected[kind]);
    expect(isAuthority).toBe(kind === 'authority');
    expect(extensionsOf(der).has('1.3.6.1.5.5.7.48.1.5')).toBe(kind === 'responder');
  });

  it('says by plain HTTP where its issuer publishes, unless it is its own or short-lived', () => {
    const { kind, der, issuer } = find(name);
    const has = (id: string) => extensionsOf(der).get(id)?.value.toString('latin1') ?? '';
    const access = has('1.3.6.1.5.5.7.1.1');
    const lists = has('2.5.29.31');
    const own = der.equals(issuer);
    expect(/http:\/\/ca\.example\.com\/pki\/[0-9a-f]{10}\/ca\.crt/.test(access)).toBe(!own);
    expect(/\/ocsp/.test(access)).toBe(!own && kind !== 'responder');
    expect(/http:\/\/ca\.example\.com\/pki\/[0-9a-f]{10}\/full\.crl/.test(lists)).toBe(
      !own && kind !== 'responder',
    );
  });

  it('has names in UTF8String, countries in PrintableString, and host names among the alternative ones', () => {
    const { kind, der } = find(name);
    const attributes = [...values(certificateParts(der).subject)];
    for (const [at, { tag, content }] of attributes.entries()) {
      if (tag !== TAG.oid) continue;
      const type = readOid({ tag, content, bytes: content });
      expect(attributes[at + 1]?.tag).toBe(type === '2.5.4.6' ? TAG.printable : TAG.utf8);
    }
    const { commonName, sans } = readCertificate(der);
    if (kind === 'leaf' && commonName !== null)
      expect(sans).toContainEqual({ type: 'dns', value: commonName });
  });

  it('has an algorithm with the parameters it must have, the same inside and outside', () => {
    const whole = new DerReader(readWhole(find(name).der).content);
    const reader = whole.into();
    reader.next();
    reader.next();
    const inner = reader.next(TAG.sequence);
    const outer = whole.next(TAG.sequence);
    expect(inner.bytes).toEqual(outer.bytes);
    // ECDSA: absent (RFC 5758 section 3.2).
    expect([...new DerReader(inner.content).rest()].map(({ tag }) => tag)).toEqual([TAG.oid]);
    expect(whole.next(TAG.bitString).content[0]).toBe(0);
  });
});

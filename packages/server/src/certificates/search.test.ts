import { afterAll, describe, expect, test } from 'vitest';
import { openState } from '../database/open.ts';
import { stateOf, temporaryFolder } from '../testing/harness.ts';
import { readCertificateQuery } from './query/read-query.ts';
import { searchCertificates, type SortKey } from './search.ts';
import { insertCertificateRows } from './testing.ts';

const { state, writer } = await openState(stateOf(await temporaryFolder()));
afterAll(async () => await state.close());

for (const [position, [name, type]] of Object.entries({
  Cost: 'integer',
  Until: 'date',
  Live: 'boolean',
  Team: 'string',
}).entries())
  await writer
    .insertInto('metadata_fields')
    .values({
      name,
      definition: JSON.stringify({ type, description: '', options: [] }),
      position,
      created_at: '2026-01-01T00:00:00.000Z',
    })
    .execute();

const now = new Date('2026-11-22T12:00:00.000Z');
const ids = await insertCertificateRows(writer, [
  {
    subject: 'CN=App01.example.com,O=Example\\, Inc.,C=DE',
    serial: '1a2b3c4d5e6f',
    thumbprint: 'aabbccddeeff00112233445566778899aabbccdd',
    template: 'Web Server',
    requester: 'JSmith',
    sans: [
      { type: 'dns', value: 'app01.example.com' },
      { type: 'ip', value: '10.0.0.7' },
    ],
    metadata: { Cost: '9', Team: 'Straße 100%', Until: '2026-12-01', Live: 'true' },
    has_private_key: 1,
  },
  {
    subject: 'CN=app02.example.com',
    serial: '7b',
    template: 'web server',
    requester: 'CORP\\jdoe',
    state: 'revoked',
    revoked_at: '2026-06-01T10:00:00.000Z',
    revocation_reason: 1,
    metadata: { Cost: '100' },
  },
  {
    subject: 'CN=Müller Straße,O=Übung',
    issuer: 'CN=Old CA,O=Example',
    serial: '123',
    not_after: '2026-11-20T00:00:00.000Z',
    key_type: 'RSA',
    key_size: 2048,
    signature_algorithm: 'RSA-SHA256',
    origin: 'imported',
    state: 'held',
    owner_role: 'Web Team',
    metadata: { Team: 'a_b' },
  },
  {
    subject: 'O=No Common Name',
    serial: 'ff',
    not_after: '2026-12-01T00:00:00.000Z',
    state: 'held',
    created_at: '2026-11-22T11:00:00.000Z',
  },
]);

async function find(query: string, sort?: readonly SortKey[]): Promise<number[]> {
  const condition = await readCertificateQuery(state.db, query, { now, me: 'jsmith' });
  const page = await searchCertificates(state.db, {
    conditions: [condition],
    limit: 50,
    ...(sort === undefined ? { sort: [{ field: 'id', descending: false }] } : { sort }),
  });
  expect(page.total).toBe(page.ids.length);
  return page.ids.map((id) => ids.indexOf(id) + 1);
}

describe('a query about certificates finds', () => {
  test.each([
    ['', [1, 2, 3, 4]],
    // Names, in any case; what is not there is not equal.
    ['CN -eq "APP01.EXAMPLE.COM"', [1]],
    ['CN -startswith "app0"', [1, 2]],
    ['CN -contains "example"', [1, 2]],
    ['CN -endswith ".com"', [1, 2]],
    ['CN -notcontains "example"', [3, 4]],
    ['CN -eq NULL', [4]],
    ['CN -eq "MÜLLER STRASSE"', [3]],
    ['DN -contains "o=example\\, inc."', [1]],
    ['DN -eq "CN=App01.example.com, O=Example\\, Inc., C=DE"', [1]],
    ['Issuer -eq "CN=Old CA, O=Example"', [3]],
    ['Issuer -contains "issuing"', [1, 2, 4]],
    ['SAN -eq "10.0.0.7"', [1]],
    ['SAN -contains "APP01"', [1]],
    ['SAN -eq NULL', [2, 3, 4]],
    ['SAN -ne "10.0.0.7"', [2, 3, 4]],
    // Numbers, in any notation.
    ['SerialNumber -eq "1A:2B:3C:4D:5E:6F"', [1]],
    ['SerialNumber -eq "0x001a2b3c4d5e6f"', [1]],
    ['SerialNumber -eq "1a 2b 3c 4d 5e 6f"', [1]],
    ['SerialNumber -eq "28772997619311"', [1]],
    ['SerialNumber -eq "123"', [2, 3]],
    ['SerialNumber -eq "01:23"', [3]],
    ['SerialNumber -startswith "1A:2B"', [1]],
    ['SerialNumber -eq "no number"', []],
    ['Thumbprint -eq "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD"', [1]],
    ['Thumbprint -startswith "aabbcc"', [1]],
    // What many share.
    ['Template -eq "WEB SERVER"', [1, 2]],
    ['Template -ne "web server"', [3, 4]],
    ['Template -eq NULL', [3, 4]],
    ['Requester -eq %ME%', [1]],
    ['Requester -contains "jdoe"', [2]],
    ['Requester -startswith "corp\\j"', [2]],
    ['Owner -ne NULL', [3]],
    ['KeyType -eq "RSA" OR KeyType -eq "ecc"', [1, 2, 3, 4]],
    ['KeySize -gt 256', [3]],
    ['KeySize -lt 9999999999999', [1, 2, 3, 4]],
    ['KeySize -gt 9999999999999', []],
    ['SignatureAlgorithm -startswith "rsa"', [3]],
    ['Origin -eq "imported"', [3]],
    ['HasPrivateKey -eq true', [1]],
    ['HasPrivateKey -ne true', [2, 3, 4]],
    // State now, and times.
    ['State -eq "active"', [1]],
    ['State -eq "revoked"', [2]],
    ['State -eq "expired"', [3]],
    ['State -eq "held"', [4]],
    ['State -ne "held"', [1, 2, 3]],
    ['State -contains "x"', [3]],
    ['State -contains "z"', []],
    ['RevocationReason -eq "keyCompromise"', [2]],
    ['RevocationReason -eq 1', [2]],
    ['RevocationReason -ne 1', [1, 3, 4]],
    ['RevokedDate -ge "2026-06-01" AND RevokedDate -lt "2026-06-02"', [2]],
    ['RevokedDate -eq "2026-06-01"', [2]],
    ['RevokedDate -ne "2026-06-01"', [1, 3, 4]],
    ['NotAfter -le "%TODAY+30%"', [3, 4]],
    ['NotAfter -ge %TODAY% AND NotAfter -lt "%TODAY+30%"', [4]],
    ['NotAfter:2026-11-20..2026-12-01', [3, 4]],
    ['NotAfter -lt "9999-12-31"', [1, 2, 3, 4]],
    ['ImportDate -eq %TODAY%', [4]],
    // Metadata: numbers as numbers, days as days.
    ['Cost -gt 9', [2]],
    ['Metadata.Cost -eq 9', [1]],
    ['Cost -ne 9', [2, 3, 4]],
    ['Cost -eq NULL', [3, 4]],
    ['Until -le "2026-12-01"', [1]],
    ['Until -lt "2026-12-01"', []],
    ['Until -eq "2026-12-01"', [1]],
    ['Live -eq true', [1]],
    ['Team -eq "STRASSE 100%"', [1]],
    ['Team -contains "100%"', [1]],
    ['Team -contains "%"', [1]],
    ['Team -contains "_"', [3]],
    // Words.
    ['app01', [1]],
    ['example.com', [1, 2]],
    ['"müller strasse"', [3]],
    ['10.0.0', [1]],
    ['1A2B3C4D5E6F', [1]],
    ['aa:bb:cc:dd', [1]],
    ['app01 OR müller', [1, 3]],
    ['app -app01', [2]],
    ['NOT (app01 OR 7b)', [3, 4]],
    ['100%', []],
  ] as const)('%s', async (query, expected) => {
    expect(await find(query)).toEqual(expected);
  });

  test('nothing for a choice of values that nobody has', async () => {
    expect(await find('Template -eq "none"')).toEqual([]);
    expect(await find('NOT Template -eq "none"')).toEqual([1, 2, 3, 4]);
  });
});

describe('a faulty query about certificates', () => {
  test.each([
    ['Nothing -eq "x"', 'expected the name of a field, got "Nothing" (at position 1)'],
    ['NotAfter -eq "soon"', 'expected a date for NotAfter'],
    [Array.from({ length: 65 }, () => 'x').join(' OR '), 'expected at most 64 terms, got 65'],
    ['CN -eq "a\0b"', 'expected text, got a NUL character (at position 10)'],
  ])('%j is refused with its place', async (query, message) => {
    await expect(readCertificateQuery(state.db, query, { now, me: null })).rejects.toThrow(message);
  });

  test('with %ME% is refused where nobody asks', async () => {
    const read = readCertificateQuery(state.db, 'Requester -eq %ME%', { now, me: null });
    await expect(read).rejects.toThrow('expected somebody signed in to stand for %ME%, got nobody');
  });
});

describe('pages', () => {
  const sorts: readonly (readonly SortKey[])[] = [
    [{ field: 'id', descending: true }],
    [{ field: 'template', descending: false }],
    [
      { field: 'keySize', descending: true },
      { field: 'notAfter', descending: false },
    ],
    [
      { field: 'state', descending: false },
      { field: 'subject', descending: true },
    ],
    [{ field: 'revokedAt', descending: true }],
  ];

  test.each(sorts)('sorted by %j %j follow one another without gap or overlap', async (...sort) => {
    const keys = sort.filter((key) => key !== undefined);
    const whole = await searchCertificates(state.db, { conditions: [], sort: keys, limit: 50 });
    const found: number[] = [];
    let after: string | undefined;
    do {
      const page = await searchCertificates(state.db, {
        conditions: [],
        sort: keys,
        limit: 1,
        after,
      });
      expect(page.total).toBe(4);
      found.push(...page.ids);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(found).toEqual(whole.ids);
    expect(found.length).toBe(4);
  });

  test('stay where they are when certificates come and go', async () => {
    const newest = [{ field: 'id', descending: true }] as const;
    const first = await searchCertificates(state.db, { conditions: [], sort: newest, limit: 2 });
    const [id = 0] = await insertCertificateRows(writer, [{ subject: 'CN=newcomer' }]);
    const next = first.next ?? '';
    const second = await searchCertificates(state.db, { conditions: [], limit: 2, after: next });
    await writer.deleteFrom('certificates').where('id', '=', id).execute();
    expect([...first.ids, ...second.ids]).toEqual([...ids].reverse());
  });

  test.each([
    ['nonsense', '!'],
    ['of another sorting', Buffer.from('["subject,id","a",1]').toString('base64url')],
    ['with a text where a number is', Buffer.from('["-id","1"]').toString('base64url')],
  ])('a cursor that is %s is refused', async (_, after) => {
    await expect(
      searchCertificates(state.db, { conditions: [], limit: 1, after }),
    ).rejects.toMatchObject({
      code: 'cursor_invalid',
      message: 'after: expected the cursor of a page sorted the same',
    });
  });
});

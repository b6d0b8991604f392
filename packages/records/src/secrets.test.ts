import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordError } from './error.ts';
import { parseRecordDraft } from './parse.ts';
import type { Content } from './record.ts';
import { sealRecord } from './seal.ts';
import { findSecret, findSecretInContent, redactContent, redactSecrets } from './secrets.ts';
import { completeDraftOf, draftOf, ID, SALT } from './testing.ts';

const keys: Record<string, { privateKey: KeyObject; publicKey: KeyObject }> = {
  'RSA 2048': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA 3072': generateKeyPairSync('rsa', { modulusLength: 3072 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  Ed25519: generateKeyPairSync('ed25519'),
  Ed448: generateKeyPairSync('ed448'),
  X25519: generateKeyPairSync('x25519'),
};

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' | 'spki', secret?: string): string {
  const cipher = secret === undefined ? {} : { cipher: 'aes-256-cbc', passphrase: secret };
  return key.export({ format: 'pem', type, ...cipher } as never);
}

/** The base64 of a PEM text, in one line. */
function body(text: string): string {
  return text.replaceAll(/-----.*?-----|\s/g, '');
}

const privateForms: [string, string][] = Object.entries(keys).flatMap(([name, { privateKey }]) => {
  const forms: [string, string][] = [
    [`${name}, PKCS#8`, pem(privateKey, 'pkcs8')],
    [`${name}, encrypted PKCS#8`, pem(privateKey, 'pkcs8', 'x')],
  ];
  if (name.startsWith('RSA')) forms.push([`${name}, PKCS#1`, pem(privateKey, 'pkcs1')]);
  if (name.startsWith('P-')) forms.push([`${name}, SEC 1`, pem(privateKey, 'sec1')]);
  return forms;
});

const JWT = [
  'eyJhbGciOiJIUzI1NiJ9',
  'eyJzdWIiOiIxMjM0NTY3ODkwIn0',
  'SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
].join('.');

/** Texts that hold a secret wherever they stand. */
const secretTexts: [string, string][] = [
  ["a producer's token", 'csp_gD5Gz6DH7o_nUAKlbvWm3_RfdkjklgTf1h-eNQrhNQg'],
  ["a user's API token", 'cst_gD5Gz6DH7o_nUAKlbvWm3_RfdkjklgTf1h-eNQrhNQg'],
  ["an application's secret", 'css_gD5Gz6DH7o_nUAKlbvWm3_RfdkjklgTf1h-eNQrhNQg'],
  ...privateForms,
  ...privateForms.map(([name, text]): [string, string] => [`${name}, bare base64`, body(text)]),
  [
    'an OpenSSH key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----',
  ],
  ['an OpenSSH key, bare', 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ'],
  [
    'an SSH.com key',
    '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----',
  ],
  [
    'a PuTTY key',
    'PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nPrivate-Lines: 1\r\nAAAA',
  ],
  [
    'a PGP key',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----',
  ],
  ['a key cut off', '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIB'],
  ['a PKCS#12 file', 'MIIKPAIBAzCCCfoGCSqGSIb3DQEHAaCCCesEggnnMIIJ4zCCBA'],
  [
    'a JWK as text',
    '{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}',
  ],
  ['a JWT', JWT],
  [
    'a JWE',
    `eyJhbGciOiJSU0EtT0FFUCJ9.${'a'.repeat(43)}.${'b'.repeat(16)}.${'c'.repeat(24)}.${'d'.repeat(22)}`,
  ],
  ['a bearer token', 'Authorization: Bearer mF_9.B5f-4.1JqM.abcdef'],
  ['basic credentials', 'Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='],
  ['credentials in an address', 'ldap://cn=admin:s3cret@ds.example.com'],
  ['a database address', 'postgres://app:s3cret@db.example.com/pki'],
  ['a token in a query', 'https://x.example/cb?state=1&access_token=ya29.a0AfH6SM'],
  ['a parameter of JDBC', 'jdbc:sqlserver://db;user=sa;password=hunter22'],
  [
    'a Dogtag parameter',
    'Scope;;users+Operation;;OP_ADD+Resource;;jdoe+password;;hunter2+state;;1',
  ],
  ['JSON as text', '{"user":"a","clientSecret": "hunter2"}'],
  ['XML as text', '<AuditAction><Password>hunter2</Password></AuditAction>'],
];

const harmlessTexts: [string, string][] = [
  ...Object.entries(keys).map(([name, { publicKey }]): [string, string] => [
    `a public key of ${name}`,
    pem(publicKey, 'spki'),
  ]),
  ...Object.entries(keys).map(([name, { publicKey }]): [string, string] => [
    `a public key of ${name}, bare`,
    body(pem(publicKey, 'spki')),
  ]),
  [
    'a certificate',
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJRTESMBAG\n-----END CERTIFICATE-----',
  ],
  [
    'a CSR',
    '-----BEGIN CERTIFICATE REQUEST-----\nMIICijCCAXICAQAwRTELMAkGA1UEBhMCQVUxEzARBgNVBAgMClNvbWUtU3RhdGUxITAfBgNV\n-----END CERTIFICATE REQUEST-----',
  ],
  ['CMS', 'MIIJYwYJKoZIhvcNAQcCoIIJVDCCCVACAQMxDzANBglghkgBZQMEAgEFADCCAXkGCCsGAQUF'],
  [
    'a public JWK',
    '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
  ],
  ['an authenticator', 'passwdUserDBAuthMgr'],
  ['another authenticator', 'TokenAuth'],
  ['words about tokens', 'Bearer authentication failed, Basic constraints missing, basic auth'],
  ['words about keys', 'the private key is protected by a password'],
  ['a masked bearer', 'Authorization: Bearer ******** and more'],
  ['a masked address', 'https://user:****@host.example/'],
  ['an address with a port', 'https://pki.example.com:8443/ca/rest?start=0&size=20'],
  ['a mail address', 'mailto:jdoe@example.com https://x.example/@user:1'],
  ['a masked parameter', 'Scope;;users+Resource;;jdoe+password;;********+pin;;(sensitive)'],
  [
    'a Dogtag line',
    '0.main - [22/Nov/2026:02:11:32 UTC] [14] [6] [AuditEvent=AUTH][SubjectID=caadmin][Outcome=Success][AuthMgr=passwdUserDBAuthMgr] authentication success',
  ],
  [
    'a checkpoint',
    'countersign.local/abc\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— countersign.local/abc Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
  ],
  ['a fingerprint', 'SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8'],
];

const secretFields: [string, string | number][] = [
  ['password', 'hunter2'],
  ['Password', 'correct horse'],
  ['userPassword', 'x'],
  ['user_password', 'x'],
  ['passwd', 'x'],
  ['PWD', 'x'],
  ['newPassword', 'x'],
  ['passwordConfirm', 'x'],
  ['passphrase', 'x'],
  ['PassPhrase', 'x'],
  ['pin', '1234'],
  ['PIN', 123456],
  ['userPIN', '1234'],
  ['clientSecret', 'abc'],
  ['client_secret', 'abc'],
  ['shared-secret', 'abc'],
  ['secret', 'abc'],
  ['apiKey', 'abc'],
  ['API_KEY', 'abc'],
  ['privateKey', 'abc'],
  ['accessToken', 'abc'],
  ['refresh_token', 'abc'],
  ['token', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
  ['storePassword', 'changeit'],
  ['internal.db.password', 'x'],
];

const harmlessFields: [string, string | number | boolean | null][] = [
  ['password', '********'],
  ['password', '(sensitive)'],
  ['password', ''],
  ['password', null],
  ['password', '<null>'],
  ['password', '[REDACTED]'],
  ['password', true],
  ['password', '{SSHA512}Zm9v'],
  ['userPassword', '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA'],
  ['passwordHash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4'],
  ['passwordPolicy', 'at least 12 characters'],
  ['minPasswordLength', 12],
  ['requirePassword', true],
  ['passwordExpiryDays', 90],
  ['pinLength', 6],
  ['AuthMgr', 'passwdUserDBAuthMgr'],
  ['AUTH', 'passwdUserDBAuthMgr'],
  ['AttemptedCred', 'nosuch'],
  ['tokenType', 'userKey'],
  ['token', 'NHSM6000-OCS'],
  ['SelectedToken', 'Internal Key Storage Token 01'],
  ['TokenID', '40900612A8E2000012345'],
  ['secretName', 'tls/www'],
  ['publicKey', 'AAAAC3NzaC1lZDI1NTE5AAAAIA'],
  ['PubKey', body(pem(keys['RSA 2048']!.publicKey, 'spki'))],
  ['keyId', 'abc'],
  ['pinned', 'yes'],
  ['shipping', 'express'],
];

function refusalOf(content: Partial<Content>): RecordError | null {
  try {
    sealRecord(completeDraftOf(content), { producer: 'ca1', id: ID, salt: SALT });
    return null;
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
}

describe('secrets told by their looks', () => {
  it.each(secretTexts)('finds %s', (_, text) => {
    expect(findSecret(text)).not.toBeNull();
    for (const around of [text, `before ${text} after`, `a=1\n${text}`]) {
      expect(refusalOf({ reason: around })?.code).toBe('record_contains_secret');
      expect(refusalOf({ attributes: [['Info', around]] })?.faults[0]?.path).toBe(
        '$.content.attributes[0][1]',
      );
      expect(refusalOf({ after: { a: [{ b: around }] } })?.faults[0]?.path).toBe(
        '$.content.after.a[0].b',
      );
    }
    expect(() => parseRecordDraft(draftOf({ reason: text }))).toThrow(RecordError);
  });

  it.each(harmlessTexts)('lets %s pass', (_, text) => {
    expect(findSecret(text)).toBeNull();
    expect(redactSecrets(text)).toEqual({ text, redacted: [] });
    expect(refusalOf({ reason: text, attributes: [['Info', text]], after: { text } })).toBeNull();
  });

  it('finds the private members of a JSON Web Key', () => {
    for (const { privateKey, publicKey } of Object.values(keys)) {
      const jwk = privateKey.export({ format: 'jwk' }) as never;
      const error = refusalOf({ after: { jwk } });
      expect(error?.faults[0]).toMatchObject({
        path: '$.content.after.jwk.d',
        got: 'a private JSON Web Key',
      });
      expect(
        refusalOf({ after: { jwk: publicKey.export({ format: 'jwk' }) as never } }),
      ).toBeNull();
    }
    expect(
      refusalOf({ after: { kty: 'oct', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-E' } }),
    ).not.toBeNull();
  });

  it('finds a secret used as a name, and keeps it out of the path', () => {
    const error = refusalOf({ after: { [JWT]: 1 } });
    expect(error?.faults[0]?.path).toBe('$.content.after.*');
    expect(error?.message).not.toContain('eyJ');
  });
});

describe('secrets told by their field', () => {
  it.each(secretFields)('refuses %s: %s', (name, value) => {
    for (const content of [
      { after: { [name]: value } },
      { before: { list: [{ [name]: value }] } },
      { attributes: [[name, String(value)]] },
    ] as Partial<Content>[]) {
      const error = refusalOf(content);
      expect(error?.code).toBe('record_contains_secret');
      expect(error?.message).not.toContain(`${value} `);
    }
  });

  it.each([
    'sign-in [SubjectID=x][password=hunter2] failed',
    '[db.keystore.storepass=hunter2]',
    '[userPasswordConfirm=hunter2]',
    '[PIN=482913]',
    '[API_KEY=c2VjcmV0]',
  ])('finds %s in a text of a record that has no such field otherwise', (text) => {
    for (const content of [
      { reason: text },
      { after: { note: text } },
      { before: { a: [text] } },
    ]) {
      expect(refusalOf(content)?.code).toBe('record_contains_secret');
    }
    expect(() => parseRecordDraft(draftOf({ reason: text }))).toThrow(RecordError);
  });

  it('looks at names without end in no more time than they are long', () => {
    for (const text of [
      `[${'pass'.repeat(100_000)}`,
      '[pass'.repeat(80_000),
      '[pin='.repeat(80_000),
    ]) {
      const start = performance.now();
      refusalOf({ reason: text });
      expect(performance.now() - start).toBeLessThan(2000);
    }
  });

  it.each(harmlessFields)('lets %s: %s pass', (name, value) => {
    expect(refusalOf({ after: { [name]: value } })).toBeNull();
    const text = value === null ? null : String(value);
    expect(refusalOf({ attributes: [[name, text]] })).toBeNull();
  });

  it('looks into what stands under a secret’s name', () => {
    expect(refusalOf({ after: { passwords: ['a', 'b'] } })?.faults[0]?.path).toBe(
      '$.content.after.passwords[0]',
    );
    expect(refusalOf({ after: { password: { value: 'hunter2' } } })?.faults[0]?.path).toBe(
      '$.content.after.password.value',
    );
  });
});

describe('redaction', () => {
  it.each(secretTexts)('masks %s so that nothing is found any more', (_, text) => {
    const { text: masked, redacted } = redactSecrets(`before ${text}`);
    expect(redacted.length).toBeGreaterThan(0);
    expect(masked.startsWith('before ')).toBe(true);
    expect(findSecret(masked)).toBeNull();
  });

  it('masks the value and leaves the rest of a Dogtag line', () => {
    const line =
      '[AuditEvent=CONFIG_ROLE][SubjectID=a][ParamNameValPairs=Scope;;users+password;;h]u]n+state;;1][Next=b] role';
    expect(redactSecrets(line)).toEqual({
      text: '[AuditEvent=CONFIG_ROLE][SubjectID=a][ParamNameValPairs=Scope;;users+password;;********+state;;1][Next=b] role',
      redacted: ['a secret in a field of that name: password'],
    });
    expect(redactSecrets('[A=b][Password=h]u]n][Next=b] role').text).toBe(
      '[A=b][Password=********][Next=b] role',
    );
    expect(redactSecrets('[ParamNameValPairs=Scope;;users+password;;hunter2] role').text).toBe(
      '[ParamNameValPairs=Scope;;users+password;;********] role',
    );
  });

  it('finds a bracketed field with the attribute it stands for', () => {
    const line = '[AuditEvent=X][SubjectID=a][Password=hunter2] text';
    expect(findSecret(line)).toEqual({
      kind: 'a secret in a field of that name',
      path: 'Password',
    });
    const original = {
      format: 'dogtag',
      text: line,
      file: 'f',
      line: 1,
      signature: 'valid',
    } as const;
    const attributes = [['Password', 'hunter2']] as const;
    const { content, redacted } = redactContent(completeDraftOf({ original, attributes }).content);
    expect(redacted).toEqual(['$.original.text', '$.attributes[0][1]']);
    expect(JSON.stringify(content)).not.toContain('hunter2');
  });

  it('masks a content by path', () => {
    const { content, redacted } = redactContent({
      actor: { id: 'jdoe', kind: 'user' },
      source: { system: 'ca1' },
      attributes: [
        ['SubjectID', 'jdoe'],
        ['Password', 'hunter2'],
      ],
      after: { jwk: { kty: 'oct', k: 'AyM1SysPpbyDfgZl' }, pin: 4711, note: `see ${JWT}` },
    });
    expect(content).toEqual({
      actor: { id: 'jdoe', kind: 'user' },
      source: { system: 'ca1' },
      attributes: [
        ['SubjectID', 'jdoe'],
        ['Password', '********'],
      ],
      after: { jwk: { kty: 'oct', k: '********' }, pin: '********', note: 'see ********' },
    });
    expect(redacted.toSorted()).toEqual(
      ['$.after.jwk.k', '$.after.note', '$.after.pin', '$.attributes[1][1]'].toSorted(),
    );
    expect(findSecretInContent(content)).toBeNull();
    const clean: Content = { actor: { id: 'a', kind: 'user' }, source: { system: 's' } };
    expect(redactContent(clean)).toEqual({ content: clean, redacted: [] });
    expect(redactContent(clean).content).toBe(clean);
  });

  it('whatever it masks can be sealed', () => {
    const pieces = fc.constantFrom(
      ...secretTexts.map((s) => s[1]),
      'x',
      '+',
      '][A=',
      ';;',
      '"',
      ' ',
    );
    const texts = fc.array(pieces, { maxLength: 4 }).map((p) => p.join(''));
    fc.assert(
      fc.property(texts, texts, (reason, value) => {
        const given = completeDraftOf({ reason, attributes: [['Info', value]] }).content;
        const { content } = redactContent(given);
        expect(refusalOf(content)?.message).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  it('stays masked wherever it is cut', () => {
    const pieces = fc.constantFrom(
      ...secretTexts.map(([, text]) => text),
      ...harmlessTexts.map(([, text]) => text),
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQA',
      '[Password=x][A=b] y',
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 3 }), fc.nat(), (parts, at) => {
        const { text } = redactSecrets(parts.join(' '));
        const cut = `${text.slice(0, at % (text.length + 1))}…`;
        expect(findSecret(cut)).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no longer for hostile texts', () => {
    const n = 200_000;
    const slow: string[] = [];
    for (const piece of [
      'eyJ-',
      '[a=',
      '"a":"',
      '-----BEGIN PRIVATE KEY',
      '{"kty"',
      'a;;',
      '+a;;',
      'Bearer ',
      'a://',
      '<a>',
      ']',
      '][',
      'M',
      '?token=',
      'Basic a',
      '"a"  ',
    ]) {
      const started = performance.now();
      findSecret(piece.repeat(n / piece.length));
      if (performance.now() - started > 1500) slow.push(piece);
    }
    expect(slow).toEqual([]);
  });
});

import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '@countersign/testing';
import { openssl } from './openssl.ts';
import { runHere } from './run-here.ts';
import { told, typed, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-certificates');
let { system, folder, as, recordsOf, does, refuses, enroll } = {} as PkiSystem;
const done = (line: string): Promise<string> => does('operator', line);
const refused = (line: string): Promise<string> => refuses('operator', line);
const file = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

beforeAll(async () => {
  ({ system, folder, as, recordsOf, does, refuses, enroll } = pki());
  await enroll('operator', 'CA Operations');
  await does('caadmin', "ca-authority-show 'Countersign Root CA' --output root.pem");
});

/** Writes NAME.csr for NAME.example.com, by openssl, and NAME.key. */
async function csr(name: string): Promise<void> {
  await openssl(
    folder,
    `req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes` +
      ` -keyout ${name}.key -out ${name}.csr -subj /CN=${name}.example.com`,
  );
}

/** Issues NAME.crt for it and returns what was printed as JSON. */
async function issue(name: string): Promise<{ certificate: { id: number; serial: string } }> {
  await csr(name);
  const issued = await done(
    `ca-cert-request-submit ${name}.csr --profile WebServer --output ${name}.crt --json`,
  );
  return JSON.parse(issued) as { certificate: { id: number; serial: string } };
}

/** The issuing authority's revocation list, made now and read by openssl. */
async function revocationList(): Promise<string> {
  await done("ca-authority-crl 'Countersign Issuing CA' --make --output now.crl --force");
  return openssl(folder, 'crl -inform DER -in now.crl -noout -text');
}

describe('a certificate', () => {
  test('is issued for a CSR of openssl, which verifies it', async () => {
    await csr('www');
    const left = await recordsOf(async () => {
      const issued = await done(
        'ca-cert-request-submit www.csr --profile WebServer --san dns:www.example.com --san dns:www2.example.com --output www.crt',
      );
      expect(issued).toMatch(/^-+\nIssued certificate "0x[0-9a-f]+"\n-+\n {2}Request ID: \d+\n/);
      expect(issued).toContain('  Request Status: complete\n  Cert ID: ');
      expect(issued).toMatch(/ {4}dns:www\.example\.com\n {4}dns:www2\.example\.com\n/);
      expect(issued).toContain('Stored the certificate into www.crt\n');
    });
    expect(left.map(told)).toContain('CERT_REQUEST_PROCESSED Success operator');
    const verify = 'verify -CAfile root.pem -untrusted www.crt www.crt';
    expect(await openssl(folder, verify)).toBe('www.crt: OK\n');
  });

  test('is found and shown, by number, serial number and fingerprint', async () => {
    const found = JSON.parse(await done(`ca-cert-find 'CN -eq "www.example.com"' --json`)) as {
      total: number;
      entries: { id: number; serial: string; fingerprint: string; thumbprint: string }[];
    };
    expect(found).toMatchObject({ total: 1, next: null });
    const [
      { id, serial, fingerprint, thumbprint } = {
        id: 0,
        serial: '',
        fingerprint: '',
        thumbprint: '',
      },
    ] = found.entries;
    for (const name of [String(id), `0x${serial}`, fingerprint, thumbprint]) {
      const shown = await done(`ca-cert-show ${name}`);
      expect(shown).toContain(`Certificate "${name}"`);
      expect(shown).toContain(`  Cert ID: ${id}\n  Serial Number: 0x${serial}\n`);
      expect(shown).toContain('  Subject DN: CN=www.example.com\n');
      expect(shown).toContain('  Status: VALID\n');
    }
    const listed = await done(`ca-cert-find 'CN -contains "example"' --size 1`);
    expect(listed).toMatch(/^-+\n1 entries matched\n-+\n {2}Cert ID: /);
  });

  test('is downloaded as PEM, DER and P7B, to stdout or a file', async () => {
    const { certificate } = await issue('export');
    const pem = await done(`ca-cert-export ${certificate.id}`);
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/);
    expect(await file('export.crt')).toContain(pem.trim());
    await done(`ca-cert-export 0x${certificate.serial} --format der --output export.der`);
    const serial = await openssl(folder, 'x509 -inform DER -in export.der -noout -serial');
    expect(serial.toLowerCase()).toContain(certificate.serial);
    await done(`ca-cert-export ${certificate.id} --format p7b --chain --output export.p7b`);
    const chain = await openssl(folder, 'pkcs7 -inform DER -in export.p7b -print_certs -noout');
    expect(chain).toContain('CN = export.example.com');
    expect(chain).toContain('CN = Countersign Issuing CA');
    expect(await refused(`ca-cert-export ${certificate.id} --output export.der`)).toBe(
      'error: --output: "export.der" exists already; name another file or remove it\n',
    );
    expect(await refused(`ca-cert-export ${certificate.id} --format der --chain`)).toBe(
      'error: --format der holds one certificate: --chain needs pem or p7b\n',
    );
  });

  test('has a timeline', async () => {
    const [{ id } = { id: 0 }] = (
      JSON.parse(await done(`ca-cert-find 'CN -eq "www.example.com"' --json`)) as {
        entries: { id: number }[];
      }
    ).entries;
    const steps = await done(`cert-timeline ${id}`);
    expect(steps).toMatch(
      / {2}Record: \d+\n {2}Time: \S+\n {2}Event: CERT_REQUEST_PROCESSED\n {2}Operation: Created\n/,
    );
    expect(steps).toContain('  Actor: A Person\n');
  });

  test('has metadata, one by one and all that match', async () => {
    await does('caadmin', 'metadata-field-add Team');
    const set = await done(
      `cert-metadata-set 0x${(await issue('meta')).certificate.serial} --metadata Team=web`,
    );
    expect(set).toContain('  Metadata:\n    Team=web\n');
    const all = `cert-metadata-set --query 'CN -contains "example.com"' --metadata Team=ops`;
    expect(await done(all)).toMatch(/\nModified metadata: [1-9]\d* certificate\(s\)\n/);
    expect(await done(`ca-cert-find 'Team -eq "web"'`)).toContain('1 entries matched');
    await done(`${all} --overwrite`);
    expect(await done(`ca-cert-find 'Team -eq "web"'`)).toContain('0 entries matched');
    expect(await refused(`${all} --metadata Owner=jdoe`)).toMatch(/answered 422 \w+: .*Owner/);
    expect(await refused('cert-metadata-set 1 --metadata Team=a --overwrite')).toBe(
      'error: --overwrite goes with --query: a certificate that is named is meant\n',
    );
    expect(await refused('cert-metadata-set --metadata Team=a')).toBe(
      'error: expected either a certificate or --query\n',
    );
  });
});

describe('a request', () => {
  test('comes from stdin, too', async () => {
    await csr('piped');
    const submit = 'ca-cert-request-submit - --profile WebServer --json';
    const { code, stdout, stderr } = await runCli(
      ['-d', 'clients', '-n', 'operator', '-U', system.httpsUrl, ...typed(submit)],
      { cwd: folder, input: await file('piped.csr') },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { certificate } = JSON.parse(stdout) as { certificate: { id: number } };
    const allowed = await does('auditor', `cert-access ${certificate.id}`);
    expect(allowed).toMatch(/ {2}User ID: operator\n {2}Full name: A Person\n {2}Rights:\n {4}\w+/);
  });

  const submit = 'ca-cert-request-submit wait.csr --profile WebServerApproved --output wait.crt';

  test('waits where the profile says so, is approved by somebody else, and collected', async () => {
    await enroll('operator2', 'CA Operations');
    await csr('wait');
    const waiting = await done(`${submit} --comment 'for the shop'`);
    const [, id = ''] =
      /^ {2}Request ID: (\d+)\n {2}Request Status: pending\n$/m.exec(waiting) ?? [];
    expect(waiting).toContain('Submitted certificate request');
    expect(await done('ca-cert-request-find --status pending')).toContain(`  Request ID: ${id}\n`);
    const shown = await done(`ca-cert-request-show ${id}`);
    expect(shown).toContain('  Profile: WebServerApproved\n');
    const approved = await does(
      'operator2',
      `ca-cert-request-approve ${id} --comment 'checked' --json`,
    );
    const request = JSON.parse(approved) as { state: string; certificate: number };
    expect(request).toMatchObject({ state: 'issued', decidedBy: 'operator2', comment: 'checked' });
    await done(`ca-cert-export ${request.certificate} --chain --output wait.crt`);
    const verify = 'verify -CAfile root.pem -untrusted wait.crt wait.crt';
    expect(await openssl(folder, verify)).toBe('wait.crt: OK\n');
  });

  test('is rejected with a reason, once', async () => {
    await csr('code');
    const waiting = JSON.parse(
      await done('ca-cert-request-submit code.csr --profile CodeSigning --json'),
    ) as { request: number };
    expect(await refused(`ca-cert-request-reject ${waiting.request}`)).toContain(
      "required option '--comment <text>' not specified",
    );
    const reject = `ca-cert-request-reject ${waiting.request} --comment 'wrong profile'`;
    expect(await does('operator2', reject)).toContain('  Request Status: denied\n');
    expect(await refuses('operator2', reject)).toContain('answered 409 ');
  });

  test('that cannot be one is refused, and the message says why', async () => {
    await csr('wrong');
    expect(await refused('ca-cert-request-submit nothing.csr --profile WebServer')).toBe(
      'error: CSR "nothing.csr" cannot be read: there is no such file or folder\n',
    );
    expect(await refused('ca-cert-request-submit www.csr --profile WebServer --san www')).toContain(
      'expected TYPE:VALUE, TYPE one of dns, ip, email, uri, upn, e.g. dns:www.example.com',
    );
    expect(await refused('ca-cert-request-submit root.pem --profile WebServer')).toContain(
      'answered 422 csr_invalid: ',
    );
    expect(await refused('ca-cert-request-submit wrong.csr --profile NoSuch')).toMatch(
      /answered 4\d\d \w+: .*NoSuch/,
    );
    expect(await refused('ca-cert-request-show 99999')).toContain('answered 404 not_found: ');
  });
});

describe('a key made by the server', () => {
  test('comes as PKCS#12 that openssl reads, its password alone on stdout', async () => {
    const made = await as(
      'operator',
      ...typed('cert-enroll-pfx --profile WebServer --subject CN=pfx.example.com'),
      ...typed('--key-algorithm P-256 --output pfx.p12'),
    );
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^\S{12,}\n$/);
    expect(made.stderr).toContain('Issued certificate "0x');
    expect(made.stderr).toContain('the password of pfx.p12 is printed this once:\n');
    expect((await stat(join(folder, 'pfx.p12'))).mode & 0o777).toBe(0o600);
    await writeFile(join(folder, 'pfx.password'), made.stdout);
    const inside = await openssl(folder, 'pkcs12 -in pfx.p12 -passin file:pfx.password -nodes');
    expect(inside).toContain('BEGIN PRIVATE KEY');
    expect(inside.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(1);
  });

  test('has a password of one’s own from a file; nothing secret is printed', async () => {
    await writeFile(join(folder, 'mine.password'), 'a password of my own\n');
    const printed = await done(
      'cert-enroll-pfx --profile SMIME --subject CN=Jane --san email:jane@example.com --key-algorithm P-256 --password-file mine.password --output mine.p12 --json',
    );
    expect(printed).not.toContain('a password of my own');
    const made = JSON.parse(printed) as { file: string; certificate: { id: number } };
    expect(made.file).toBe('mine.p12');
    await openssl(folder, 'pkcs12 -in mine.p12 -passin file:mine.password -noout');
    const id = made.certificate.id;

    const recovered = await done(
      `cert-recover ${id} --output back.p12 --password-output back.password`,
    );
    expect(recovered).toContain('Stored its password into back.password\n');
    expect((await stat(join(folder, 'back.password'))).mode & 0o777).toBe(0o600);
    await openssl(folder, 'pkcs12 -in back.p12 -passin file:back.password -noout');

    const renewed = JSON.parse(
      await done(`cert-renew ${id} --output new.p12 --password-file mine.password --json`),
    ) as { certificate: { id: number; renews: number } };
    expect(renewed.certificate.renews).toBe(id);

    expect(await done(`cert-key-del ${id}`)).toContain('Deleted the private key of certificate');
    expect(await refused(`cert-recover ${id} --output gone.p12`)).toMatch(/answered 4\d\d \w+: /);
  });

  test('is not made where its file cannot be written', async () => {
    const left = await recordsOf(async () => {
      expect(
        await refused('cert-enroll-pfx --profile WebServer --subject CN=a --output pfx.p12'),
      ).toBe('error: --output: "pfx.p12" exists already; name another file or remove it\n');
    });
    expect(left.map(({ envelope }) => envelope.event)).not.toContain('CERT_REQUEST_PROCESSED');
    expect(
      await refused(
        'cert-enroll-pfx --profile WebServer --subject CN=a --output a.p12 --password-file mine.password --password-output b',
      ),
    ).toBe('error: --password-file and --password-output exclude each other\n');
  });
});

describe('revocation', () => {
  test('is seen by openssl in the revocation list, with its reason', async () => {
    const { certificate } = await issue('bad');
    const revoked = await done(
      `ca-cert-revoke ${certificate.id} --reason Key_Compromise --comments 'found in a repository'`,
    );
    expect(revoked).toContain('Revoked (Key_Compromise): 1 certificate(s)');
    expect(await done(`ca-cert-show ${certificate.id}`)).toContain(
      '  Revocation Reason: Key_Compromise\n',
    );
    const list = await revocationList();
    const serial = certificate.serial.padStart(Math.ceil(certificate.serial.length / 2) * 2, '0');
    expect(list).toContain(`Serial Number: ${serial.toUpperCase()}`);
    expect(list).toContain('Key Compromise');
  });

  test('of one that is revoked is refused and told; the others go on', async () => {
    const { certificate } = await issue('other');
    const bad = JSON.parse(
      await done(`ca-cert-find 'CN -eq "bad.example.com"' --include-revoked --json`),
    ) as { entries: { id: number }[] };
    const id = bad.entries[0]?.id;
    const both = await as(
      'operator',
      ...typed(`ca-cert-revoke ${id} ${certificate.id} --comments both`),
    );
    expect(both.code).toBe(1);
    expect(both.stdout).toContain('Revoked (Unspecified): 1 certificate(s)');
    expect(both.stdout).toContain(`  Cert ID: ${certificate.id}\n`);
    expect(both.stderr).toMatch(new RegExp(`^refused: certificate ${id}: \\w+: .+\\n$`));
  });

  test('by a query says how many it would be, and waits for a yes', async () => {
    await issue('old1');
    await issue('old2');
    const query = `ca-cert-revoke --query 'CN -startswith "old"' --reason Superseded --comments old`;
    expect(await refused(query)).toBe(
      'error: --query matches 2 certificate(s) that are neither expired nor revoked; --yes revokes them\n',
    );
    expect(await done(`${query} --yes`)).toContain('Revoked (Superseded): 2 certificate(s)');
    expect(await done(`${query} --yes`)).toContain('Revoked (Superseded): 0 certificate(s)');
  });

  test('may be a hold, which ends', async () => {
    const { certificate } = await issue('hold');
    expect(await done(`ca-cert-hold ${certificate.id} --comments 'lost?'`)).toContain(
      'Placed on hold: 1 certificate(s)',
    );
    expect(await done(`ca-cert-show ${certificate.id}`)).toContain('  Status: HELD\n');
    expect(await done(`ca-cert-release-hold ${certificate.id} --comments 'found'`)).toContain(
      'Taken off hold: 1 certificate(s)',
    );
    expect(await done(`ca-cert-show ${certificate.id}`)).toContain('  Status: VALID\n');
  });

  test('that is not meant is told before anybody signs in', async () => {
    const left = await recordsOf(async () => {
      expect(await refused('ca-cert-revoke --comments a')).toBe(
        'error: expected either certificates or --query\n',
      );
      expect(await refused('ca-cert-revoke 1 --yes --comments a')).toBe(
        'error: --yes goes with --query: certificates that are named are meant\n',
      );
      expect(await refused('ca-cert-revoke www.example.com --comments a')).toBe(
        'error: CERTIFICATE: expected an ID, a serial number (0x… or with colons) or a SHA-256 or SHA-1 fingerprint, got "www.example.com"\n',
      );
      expect(await refused('ca-cert-revoke 1 --reason stolen --comments a')).toContain(
        'expected one of Unspecified (0), Key_Compromise (1)',
      );
    });
    expect(left.map(({ envelope }) => envelope.event)).not.toContain('ACCESS_SESSION_ESTABLISH');
  });

  test('is not for auditors, who are told the right', async () => {
    const left = await recordsOf(async () => {
      expect(await refuses('auditor', 'ca-cert-revoke 1 --comments a')).toContain(
        'needs the right "revoke" on',
      );
    });
    expect(left.map(told).filter((line) => line.startsWith('AUTHZ Failure'))).toHaveLength(1);
  });
});

describe('certificates from elsewhere', () => {
  test('are brought in, owned, described and deleted', async () => {
    await openssl(
      folder,
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30' +
        ' -keyout self.key -out self.crt -subj /CN=self.example.com',
    );
    const imported = JSON.parse(await done('cert-import self.crt --json')) as {
      entries: { id: number; status: string }[];
    };
    expect(imported).toMatchObject({ total: 1, entries: [{ status: 'imported' }] });
    const id = imported.entries[0]?.id;
    expect(await done('cert-import self.crt')).toContain('  Status: known\n');
    expect(await done(`cert-owner-set ${id} RA`)).toContain(`Owner of certificate "${id}": RA`);
    expect(await done(`ca-cert-show ${id}`)).toContain('  Origin: imported\n');
    expect(await done(`cert-delete ${id}`)).toContain('Deleted: 1 certificate(s)');
    expect(await refused(`ca-cert-show ${id}`)).toContain('answered 404 not_found: ');
    expect(await refused('cert-import www.csr')).toMatch(/answered 4\d\d \w+: /);
  });

  test('join the key that the server made for their CSR', async () => {
    const made = await as(
      'operator',
      ...typed('csr-generate --subject CN=join.example.com --san dns:join.example.com'),
    );
    expect(made.stdout).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----\n/);
    expect(made.stderr).toContain('  Subject DN: CN=join.example.com\n');
    const [, id = ''] = /CSR ID: (\d+)/.exec(made.stderr) ?? [];
    await writeFile(join(folder, 'join.csr'), made.stdout);
    expect(await done('csr-find')).toContain(`  CSR ID: ${id}\n`);
    await done(`csr-export ${id} --output again.csr`);
    expect((await file('again.csr')).trim()).toBe(made.stdout.trim());
    await openssl(
      folder,
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30' +
        ' -keyout other.key -out other-ca.crt -subj /CN=other-ca',
    );
    await openssl(
      folder,
      'x509 -req -in join.csr -CA other-ca.crt -CAkey other.key -out join.crt -days 9',
    );
    expect(await done('cert-import join.crt')).toContain('  Status: joined\n');
    expect(await done('csr-find')).toContain('0 entries matched');
    const gone = await done('csr-generate --subject CN=gone.example.com --output gone.csr --json');
    const { id: other } = JSON.parse(gone) as { id: number };
    expect(await done(`csr-del ${other}`)).toContain('Deleted 1 CSR(s)');
  });
});

describe('reconciliation', () => {
  test('finds that everything agrees, at the server and in its folder', async () => {
    const agreed =
      /^everything agrees: \d+ certificates, \d+ crls, \d+ revocations, \d+ records compared\n$/;
    expect(await does('auditor', 'reconcile')).toMatch(agreed);
    const { code, stdout } = await runHere(['reconcile', '--data', system.dataDir], folder);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(agreed) });
  });

  test('names what was done behind the product’s back', async () => {
    const { certificate } = await issue('lost');
    using state = new DatabaseSync(join(system.dataDir, 'state.db'));
    state.exec('pragma foreign_keys = off');
    state.prepare('delete from certificates where id = ?').run(certificate.id);
    const asked = await as('auditor', 'reconcile');
    const here = await runHere(['reconcile', '--data', system.dataDir], folder);
    for (const { code, stdout } of [asked, here]) {
      expect(code).toBe(2);
      expect(stdout).toMatch(
        /^certificate_missing {2}record \d+ says that certificate .* \(record \d+\)$/m,
      );
      expect(stdout).toMatch(/^\d+ do not agree: \d+ certificates/m);
    }
  });

  test('is asked of a server or of a folder', async () => {
    const { code, stderr } = await runHere(['reconcile'], folder);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: expected either -n, to ask a server, or --data (and --database)\n',
    });
    const missing = await runHere(['reconcile', '--data', 'nowhere'], folder);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('--data "nowhere" is not a folder');
  });
});

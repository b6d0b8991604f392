import { execFile } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { usePkiSystem, type PkiSystem } from './pki-system.ts';

const exec = promisify(execFile);
const pki = usePkiSystem('pki-security');
let { system, folder, run, as } = {} as PkiSystem;
beforeAll(async () => {
  ({ system, folder, run, as } = pki());
  await done('ca-user-add', 'jdoe', '--fullName', 'Jane Doe', '--role', 'RA');
});

const hasOpenssl = await exec('openssl', ['version']).then(
  () => true,
  () => false,
);

/** A key and a certificate that vouches for itself, as NAME.key and NAME.crt. */
async function openssl(name: string, ...options: string[]): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
  const entity = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const args = ['req', '-x509', '-subj', `/CN=${name}`, ...key, ...files, ...entity, ...options];
  await exec('openssl', args, { cwd: folder });
}

/** A command of caadmin that has to do what it is told; what it printed. */
async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as('caadmin', ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: expect.any(String) });
  return stdout;
}

describe('client certificates of users', () => {
  test('are issued into files of their own, imported, used, and withdrawn', async () => {
    const add = ['ca-user-cert-add', 'jdoe', '--issue', '--output', 'jdoe'];
    const issued = await as('caadmin', ...add);
    expect(issued.code).toBe(0);
    expect(issued.stdout).toMatch(/^\S{12,}\n$/);
    expect(issued.stderr).toMatch(/^Added certificate "[0-9a-f]{64}"$/m);
    expect(issued.stderr).not.toContain(issued.stdout.trim());
    expect((await stat(join(folder, 'jdoe.p12'))).mode & 0o777).toBe(0o600);
    await writeFile(join(folder, 'jdoe.p12.password'), issued.stdout);
    const again = await as('caadmin', ...add);
    expect(again.stderr).toContain('error: --output: "jdoe.p12" exists already');

    const put = ['client-cert-import', 'jane', '--pkcs12', 'jdoe.p12'];
    const imported = await run(...put, '--password-file', 'jdoe.p12.password');
    expect(imported.stdout).toContain('Imported certificate "jane"');
    // Signed in, and refused: the role has no right to it.
    const refused = await as('jane', 'ca-user-find');
    expect(refused.stderr).toContain('your roles: RA');

    const id = /Cert ID: (\S+)/.exec(await done('ca-user-cert-find', 'jdoe'))?.[1] ?? '';
    expect(await done('ca-user-cert-del', 'jdoe', id)).toContain(`Deleted certificate "${id}"`);
    expect(await done('ca-user-cert-find', 'jdoe')).toContain('0 entries matched');
    const out = await as('jane', 'ca-user-find');
    expect(out.code).toBe(1);
    expect(out.stdout).toBe('');
    expect(out.stderr).toMatch(/certificate_unknown|does not take the certificate/);
  });

  test.skipIf(!hasOpenssl)('that others have issued are enrolled', async () => {
    await openssl('own', '-addext', 'extendedKeyUsage=clientAuth');
    const added = await done('ca-user-cert-add', 'jdoe', '--input', 'own.crt');
    expect(added).toMatch(/^Added certificate "[0-9a-f]{64}"$/m);
    expect(added).toContain('  Subject: CN=own\n');
    await openssl('other', '-addext', 'extendedKeyUsage=serverAuth');
    const refused = await as('caadmin', 'ca-user-cert-add', 'jdoe', '--input', 'other.crt');
    expect(refused.stderr).toContain('answered 422 certificate_refused: ');
    expect(refused.code).toBe(1);
  });

  test('that are none are refused here', async () => {
    await writeFile(join(folder, 'text'), 'hello');
    const none = await as('caadmin', 'ca-user-cert-add', 'jdoe', '--input', 'text');
    expect(none.stderr).toBe(
      'error: --input "text": expected a certificate in PEM, got something else\n',
    );
    expect(none.code).toBe(1);
  });
});

test('permissions are found by any of their names', async () => {
  const found = await done('permission-find', 'certServer.log.content.signedAudit');
  expect(found).toContain('  Resource ID: certServer.log.content.signedAudit\n');
  expect(found).toContain('  Reserved for exclusive roles: true\n');
  expect(await done('permission-find', 'no such thing')).toContain('0 entries matched');
});

describe('access rules', () => {
  const RESOURCE = 'certServer.log.configuration';

  test('are exported as lines of resourceACLS, and the same lines change nothing', async () => {
    const lines = await done('acl-export');
    expect(lines).toMatch(/^resourceACLS: certServer\.log\.configuration:/m);
    expect((await as('caadmin', 'acl-export', '--output', 'rules.ldif')).stderr).toBe(
      'Stored access rules into rules.ldif\n',
    );
    expect(await readFile(join(folder, 'rules.ldif'), 'utf8')).toBe(lines);
    const again = await as('caadmin', 'acl-import', 'rules.ldif', '--dry-run');
    expect(again.stdout).toContain('0 ACLs would change');
    expect(again.stderr).toMatch(/^\d+ are the same already$/m);
  });

  test('are changed by a line, shown, and reset', async () => {
    const line =
      /^resourceACLS: (certServer\.log\.configuration:.*)$/m.exec(await done('acl-export'))?.[1] ??
      '';
    const wanted = line.replace(/:[^:]*$/, ':changed for a test');
    const changed = await done('acl-mod', RESOURCE, '--line', wanted);
    expect(changed).toContain(`Modified ACL "${RESOURCE}"`);
    expect(changed).toContain('  Description: changed for a test\n  Changed: ');
    expect(await done('acl-show', RESOURCE)).toContain(wanted);
    expect(await done('acl-find', 'changed for a test')).toContain('1 entries matched');
    expect(await done('acl-reset', RESOURCE)).not.toContain('changed for a test');
    const broken = await as('caadmin', 'acl-mod', RESOURCE, '--line', 'nonsense');
    expect(broken.stderr).toContain('answered 422 acl_syntax: ');
    const none = await as('caadmin', 'acl-show', 'no.such');
    expect(none.stderr).toContain('error: resource "no.such" has no access rule of its own');
    expect([broken.code, none.code]).toEqual([1, 1]);
  });

  test('are imported: what would change, then the change', async () => {
    const before = await readFile(join(folder, 'rules.ldif'), 'utf8');
    const after = before.replace(
      /^(resourceACLS: certServer\.log\.configuration:.*):[^:\n]*$/m,
      '$1:imported for a test',
    );
    await writeFile(join(folder, 'changed.ldif'), after);
    const dry = await done('acl-import', 'changed.ldif', '--dry-run');
    expect(dry).toContain('1 ACLs would change');
    expect(dry).toContain(`  Resource ID: ${RESOURCE}\n    - `);
    expect(await done('acl-find', 'imported for a test')).toContain('0 entries matched');
    expect(await done('acl-import', 'changed.ldif')).toContain('Modified 1 ACLs');
    expect(await done('acl-find', 'imported for a test')).toContain('1 entries matched');
  });
});

test('applications are added, changed, given a new secret and deleted; secrets have stdout to themselves', async () => {
  const added = await as('caadmin', 'application-add', 'monitoring', '--role', 'RA');
  expect(added.code).toBe(0);
  expect(added.stdout).toMatch(/^\S{20,}\n$/);
  expect(added.stderr).not.toContain(added.stdout.trim());
  const key = /^ {2}Key: (\S+)$/m.exec(added.stderr)?.[1] ?? '';
  const use = async (secret: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${key}:${secret.trim()}`).toString('base64')}`;
    return (await fetch(`${system.url}/api/v1/account/tokens`, { headers: { authorization } }))
      .status;
  };
  expect(await use(added.stdout)).toBe(200);
  const renewed = await as('caadmin', 'application-secret-reset', 'monitoring');
  expect(await use(added.stdout)).toBe(401);
  expect(await use(renewed.stdout)).toBe(200);
  expect(await done('application-find')).toContain('  Application: monitoring\n');
  expect(await done('application-mod', 'monitoring', '--disable')).toContain('  State: disabled\n');
  expect(await use(renewed.stdout)).toBe(401);
  expect(await done('application-del', 'monitoring')).toContain('Deleted application "monitoring"');
  const left = await done('application-find');
  expect(left).toContain('1 entries matched');
  expect(left).toContain('  Application: enrollment\n');
});

test('access reviews are created, shown and signed off', async () => {
  const created = await as('auditor', 'access-review-create');
  const period = /Created access review "(\d{4}-Q[1-4])"/.exec(created.stdout)?.[1] ?? '';
  expect(created).toMatchObject({ code: 0, stderr: '' });
  const shown = (await as('auditor', 'access-review-show', period)).stdout;
  expect(shown).toMatch(/^USER +ROLES +STATE +LAST SIGN-IN +CERTIFICATES +TOKENS$/m);
  expect(shown).toMatch(/^jdoe +RA +enabled +/m);
  expect(shown).toMatch(/^Auditor +1 +0 +\d+$/m);
  const sign = ['access-review-sign', period, '--comment', 'as it should be'];
  const signed = await as('auditor', ...sign);
  expect(signed.stdout).toContain(`Signed access review "${period}"`);
  expect(signed.stdout).toContain('  Signed by: auditor\n  Comment: as it should be\n');
  const twice = await as('auditor', ...sign);
  expect(twice.stderr).toContain('answered 409 review_signed: ');
  const found = await as('auditor', 'access-review-find');
  expect(found.stdout).toContain(`  Period: ${period}\n`);
  expect(found.stderr).toMatch(/^the review of \d{4}-Q[1-4] is (?:over)?due$/m);
});

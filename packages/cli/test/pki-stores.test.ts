import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openssl } from './openssl.ts';
import { told, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-stores', (folder) => ({ COUNTERSIGN_STORE_ROOTS: folder }));
let { system, folder, recordsOf, does, refuses } = {} as PkiSystem;
const done = (line: string): Promise<string> => does('operator', line);
const refused = (line: string): Promise<string> => refuses('operator', line);

/** The number of a certificate whose key the server keeps. */
let certificate = 0;

beforeAll(async () => {
  ({ system, folder, recordsOf, does, refuses } = pki());
  await pki().enroll('operator', 'CA Operations');
  await writeFile(join(folder, 'a.password'), 'a password of the file\n');
  const issued = await done(
    'cert-enroll-pfx --profile SMIME --subject CN=Jane --san email:jane@example.com' +
      ' --key-algorithm P-256 --password-file a.password --output jane.p12 --json',
  );
  certificate = (JSON.parse(issued) as { certificate: { id: number } }).certificate.id;
});

/** Waits until what is due at stores is done. */
const worked = (): Promise<void> => system.server.platform.storeJobs.idle();

describe('stores', () => {
  test('are added, listed, shown and changed, by name or place', async () => {
    const added = await done(
      `store-add Mail --type 'PEM file' --path ${folder}/mail.pem --create-if-missing --inventory 'daily 03:00'`,
    );
    expect(added).toMatch(/ {2}Store ID: [0-9a-f-]{36}\n {2}Name: Mail\n {2}Machine: localhost\n/);
    expect(added).toContain('  Type: PEM file\n  Approved: true\n  Inventory: daily 03:00\n');
    expect(await done(`store-show localhost:${folder}/mail.pem`)).toContain('  Name: Mail\n');
    const changed = await done(`store-mod Mail --set keyPath=${folder}/mail.key`);
    expect(changed).toContain(`  Properties:\n    keyPath=${folder}/mail.key\n`);
    expect(await done('store-schedule Mail off')).toContain('  Inventory: off\n');
    expect(await done('store-find')).toContain('1 entries matched');
    expect(await done('store-find --pending')).toContain('0 entries matched');
  });

  test('get certificates with their keys, are looked through, and give them back', async () => {
    const left = await recordsOf(async () => {
      const scheduled = await done(`store-cert-add ${certificate} --store Mail --with-key`);
      expect(scheduled).toMatch(/ {2}Job ID: \d+\n {2}Kind: add\n/);
      await worked();
    });
    expect(left.map(told).join('\n')).toMatch(/^CERT_STORE\w* Success operator/m);
    expect(await done('store-job-find --store Mail')).toContain('  State: done\n');
    const subject = await openssl(folder, 'x509 -in mail.pem -noout -subject');
    expect(subject).toBe('subject=CN = Jane\n');
    expect(await readFile(join(folder, 'mail.key'), 'utf8')).toContain('PRIVATE KEY');

    await done('store-inventory Mail');
    await worked();
    const found = await done('store-cert-find Mail');
    expect(found).toContain(`  Cert ID: ${certificate}\n  Subject DN: CN=Jane\n`);
    const [, alias = ''] = /^ {2}Alias: (\S+)$/m.exec(found) ?? [];

    await done(`store-cert-del --store Mail --alias ${alias}`);
    await worked();
    await done('store-inventory Mail');
    await worked();
    expect(await done('store-cert-find Mail')).not.toContain('CN=Jane');
  });

  test('with a password have it from a file; it is never shown', async () => {
    const added = await done(
      `store-add Keys --type 'PKCS#12 (Java, Tomcat, Windows)' --path ${folder}/keys.p12 --create-if-missing --password-file a.password`,
    );
    expect(added).toContain('  Password: (set)\n');
    expect(added).not.toContain('a password of the file');
    await done(`store-cert-add ${certificate} --store Keys --with-key --alias jane`);
    await worked();
    await openssl(folder, 'pkcs12 -in keys.p12 -passin file:a.password -noout');
    expect(await done('store-password Keys --none')).not.toContain('Password:');
    expect(await refused('store-password Keys')).toBe(
      'error: expected either --password-file or --none\n',
    );
  });

  test('are discovered, and approved', async () => {
    await mkdir(join(folder, 'tls'));
    await openssl(
      folder,
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 9 -keyout x.key -out tls/found.pem -subj /CN=found',
    );
    await done(`store-discover --path ${folder}/tls --type 'PEM file'`);
    await worked();
    const pending = await done('store-find --pending');
    expect(pending).toContain(`  Path: ${folder}/tls/found.pem\n`);
    expect(await done(`store-approve localhost:${folder}/tls/found.pem`)).toContain(
      '  Approved: true\n',
    );
    expect(await done(`store-del localhost:${folder}/tls/found.pem Keys`)).toContain(
      'Deleted 2 store(s)',
    );
  });

  test('that are not there, or cannot be, are named', async () => {
    expect(await refused('store-show Nowhere')).toBe(
      'error: there is no store "Nowhere"; store-find lists them\n',
    );
    expect(await refused("store-add Bad --type 'PEM file' --path /etc/passwd")).toMatch(
      /answered 422 \w+: .*path/,
    );
    expect(await refused("store-add Bad --type 'PEM file' --path /a --inventory often")).toContain(
      "expected now, 'every 6h'",
    );
    expect(await refused('store-mod Mail')).toBe(
      'error: expected something to change, got no option\n',
    );
    expect(await refused('store-cert-add jane --store Mail')).toContain(
      'expected an ID, a serial number',
    );
  });
});

test('containers and types are added, changed and deleted', async () => {
  expect(await done("store-container-add Web --description 'All of them'")).toContain(
    '  Name: Web\n',
  );
  expect(await done('store-mod Mail --container web')).toContain('  Container: Web\n');
  expect(await refused('store-container-del Web')).toContain('answered 409 in_use: ');
  expect(await done("store-mod Mail --container ''")).not.toContain('Container:');
  expect(await done('store-container-mod Web --name Www')).toContain('  Name: Www\n');
  expect(await done('store-container-del Www')).toContain('Deleted container "Www"');

  const added = await done("store-type-add Nginx --kind pem-folder --file-pattern '*.crt'");
  expect(added).toContain('  Type: Nginx\n  Kind: pem-folder\n  Files: *.crt\n');
  expect(await done('store-type-mod Nginx --separate-keys')).toContain('  Separate Keys: true\n');
  expect(await done('store-type-find')).toContain('  Type: Nginx\n');
  expect(await done('store-type-del Nginx')).toContain('Deleted store type "Nginx"');
});

test('machines are reached by a password or a key, and a host key', async () => {
  const set = `store-server-set web.example.com --user deploy --host-key SHA256:${'A'.repeat(43)}`;
  const made = await done(`${set} --password-file a.password --port 2222`);
  expect(made).toContain('  Machine: web.example.com\n  Port: 2222\n  User: deploy\n');
  expect(made).not.toContain('a password of the file');
  expect(await done('store-server-find')).toContain('  Authentication: password\n');
  expect(await refused(set)).toBe('error: expected either --password-file or --key-file\n');
  expect(await refused(`${set} --password-file a.password --passphrase-file a.password`)).toBe(
    'error: --passphrase-file goes with --key-file\n',
  );
  expect(await done('store-server-del web.example.com')).toContain('Deleted credentials of');
});

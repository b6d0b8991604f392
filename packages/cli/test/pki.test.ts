import { join } from 'node:path';
import { runCli } from '@countersign/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { told, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki');
let { system, folder, run, as, records, recordsOf } = {} as PkiSystem;
beforeAll(() => {
  ({ system, folder, run, as, records, recordsOf } = pki());
});

describe('countersign -n caadmin ca-user-find', () => {
  test('prints the users as Dogtag does', async () => {
    const { code, stdout, stderr } = await as('caadmin', 'ca-user-find');
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      '-----------------',
      '3 entries matched',
      '-----------------',
      '  User ID: caadmin',
      '  Full name: Administrator',
      '  Type: adminType',
      '  State: 1',
      '',
      '  User ID: auditor',
      '  Full name: Auditor',
      '  Type: adminType',
      '  State: 1',
      '',
      '  User ID: enrollment',
      '  Full name: enrollment',
      '  Type: agentType',
      '  State: 0',
      '----------------------------',
      'Number of entries returned 3',
      '----------------------------',
      '',
    ]);
    expect(code).toBe(0);
  });

  test.for([['--json'], ['--output-format', 'json']])('as JSON with %j', async (format) => {
    const { code, stdout } = await as('admin', 'ca-user-find', 'audi', ...format);
    expect(JSON.parse(stdout)).toMatchObject({ total: 1, entries: [{ UserID: 'auditor' }] });
    expect(code).toBe(0);
  });

  test('takes the options of the whole program behind the command, too', async () => {
    const options = ['-n', 'caadmin', '--url', system.httpsUrl, '-d', 'clients', '-v'];
    const { code, stdout, stderr } = await runCli(['ca-user-find', ...options], {
      cwd: folder,
    });
    expect(stdout).toContain('3 entries matched');
    expect(stderr).toContain(`GET ${system.httpsUrl}/ca/v2/account/login\nanswered 200 OK\n`);
    expect(code).toBe(0);
  });

  test('leaves the records that Dogtag leaves, in their order', async () => {
    const shown = await run('client-cert-show', 'caadmin', '--json');
    const dn = (JSON.parse(shown.stdout) as { subject: string }).subject;
    expect(dn).toMatch(/^CN=admin,OU=/);
    const left = await recordsOf(() => as('caadmin', 'ca-user-find'));
    expect(left.map(told)).toEqual([
      `ACCESS_SESSION_ESTABLISH Success ${dn}`,
      'AUTH Success caadmin certUserDBAuthMgr',
      'AUTHZ Success caadmin certServer.ca.account login',
      'ROLE_ASSUME Success caadmin Administrator',
      `ACCESS_SESSION_TERMINATED Success ${dn}`,
      `ACCESS_SESSION_ESTABLISH Success ${dn}`,
      'AUTHZ Success caadmin certServer.ca.users execute',
      'ROLE_ASSUME Success caadmin Administrator',
      `ACCESS_SESSION_TERMINATED Success ${dn}`,
      `ACCESS_SESSION_ESTABLISH Success ${dn}`,
      'AUTHZ Success caadmin certServer.ca.account logout',
      'ROLE_ASSUME Success caadmin Administrator',
      `ACCESS_SESSION_TERMINATED Success ${dn}`,
    ]);
  });

  test('is refused to the auditor, who is told the right and the record', async () => {
    const { code, stdout, stderr } = await as('auditor', 'ca-user-find');
    expect(stderr).toMatch(
      /^error: access denied: GET \/ca\/v2\/admin\/users needs the right "execute" on certServer\.ca\.users; the attempt was recorded as record \d+; your roles: Auditor\n$/,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('with --json the refusal is one JSON document', async () => {
    const { code, stdout, stderr } = await as('auditor', 'ca-user-find', '--json');
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'server_refused',
        status: 403,
        problem: { code: 'access_denied', resource: 'certServer.ca.users', operation: 'execute' },
      },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('the store', () => {
  test('has what was imported from the data folder', async () => {
    const { stdout, stderr } = await run('client-cert-find');
    expect(stdout).toMatch(/^2 certificate\(s\) found$/m);
    expect(stdout).toMatch(/^ {2}Nickname: caadmin\n {2}Subject DN: CN=admin,OU=/m);
    expect(stdout).toMatch(/^ {2}Serial Number: 0x[0-9a-f]+$/m);
    expect(stdout).toMatch(/^Number of entries returned 2$/m);
    expect(stderr).toMatch(/^servers are trusted by CN=CA Signing Certificate,OU=/);
    const shown = await run('client-cert-show', 'admin', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ nickname: 'caadmin', authority: false });
  });

  test('takes a PKCS#12 file, its password from a file or the environment, and trusts its root', async () => {
    const p12 = join(system.dataDir, 'keys', 'clients', 'auditor.p12');
    const put = ['-d', 'p12', 'client-cert-import', 'me', '--pkcs12', p12];
    const none = await runCli(put, { cwd: folder });
    expect(none).toMatchObject({ code: 1, stdout: '' });
    expect(none.stderr).toContain(
      `error: --pkcs12 "${p12}" needs a password: set COUNTERSIGN_PKCS12_PASSWORD`,
    );
    const wrong = await runCli(put, {
      cwd: folder,
      env: { COUNTERSIGN_PKCS12_PASSWORD: 'wrong' },
    });
    expect(wrong.stderr).toBe(
      `error: --pkcs12 "${p12}": the password is not the one of the file\n`,
    );
    const right = await runCli([...put, '--password-file', `${p12}.password`], { cwd: folder });
    expect(right.stdout).toContain('Imported certificate "me"');
    expect(right.stderr).toMatch(
      /^servers are trusted by CN=CA Signing .*, SHA-256 [0-9a-f]{64}$/m,
    );
    const used = await runCli(['-d', 'p12', '-n', 'me', '-U', system.httpsUrl, 'ca-user-find'], {
      cwd: folder,
    });
    expect(used.stderr).toContain('your roles: Auditor');
    const removed = await runCli(['-d', 'p12', 'client-cert-del', 'me'], { cwd: folder });
    expect(removed.stdout).toContain('Removed certificate "me"');
    const empty = await runCli(['-d', 'p12', 'client-cert-find'], { cwd: folder });
    expect(empty.stdout).toContain('No certificates found');
  });
});

describe('the reading commands', () => {
  test('search, show and prove sign in with a certificate, too', async () => {
    const found = await as('auditor', 'search', 'Event -eq "AUTH"', '--limit', '1', '--json');
    const record = JSON.parse(found.stdout) as { index: number };
    expect(record).toMatchObject({ envelope: { event: 'AUTH' } });
    const shown = await as('auditor', 'show', String(record.index), '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ index: record.index });
    const proved = await as('auditor', 'prove', '0', '-o', 'a.tlog-proof', '--record', 'a.json');
    expect(proved).toMatchObject({ code: 0 });
    const key = join(system.dataDir, 'keys', 'log.vkey');
    const checked = await runCli(['check', 'a.tlog-proof', '--record', 'a.json', '--key', key], {
      cwd: folder,
    });
    expect(checked).toMatchObject({ code: 0 });
    const refused = await as('caadmin', 'search', 'x');
    expect(refused.stderr).toContain(
      'needs the right "read" on certServer.log.content.signedAudit',
    );
    expect(refused.code).toBe(1);
  });

  test('a password and verification trust the authorities of the store', async () => {
    const key = join(system.dataDir, 'keys', 'log.vkey');
    const verify = ['verify', '--server', system.httpsUrl, '--key', key];
    expect(await run(...verify)).toMatchObject({ code: 0 });
    expect(await run('log', 'checkpoint', '--server', system.httpsUrl)).toMatchObject({ code: 0 });
    const options = { cwd: folder, env: system.passwordOf('auditor') };
    const search = ['search', '', '--server', system.httpsUrl, '--user', 'auditor', '--limit', '1'];
    expect(await runCli(['-d', 'clients', ...search], options)).toMatchObject({ code: 0 });
    const stranger = await runCli(['-d', 'none', ...search], options);
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain('cannot be reached: self-signed certificate');
  });
});

describe('tokens', () => {
  test('are made, listed and revoked; the secret has stdout to itself', async () => {
    const scope = 'certServer.log.content.signedAudit:read';
    const made = await as('auditor', 'token-add', 'nightly', '--days', '9', '--scope', scope);
    expect(made.stdout).toMatch(/^cst_\S+\n$/);
    expect(made.stderr).toContain(`Added token "nightly"`);
    const use = (): Promise<Response> =>
      fetch(`${system.url}/api/v1/audit/records?limit=1`, {
        headers: { authorization: `Bearer ${made.stdout.trim()}` },
      });
    expect((await use()).status).toBe(200);
    const listed = await as('auditor', 'token-find');
    expect(listed.stdout).toContain(`  Name: nightly\n  Scopes:\n    ${scope}\n`);
    const id = /Token ID: (\S+)/.exec(listed.stdout)?.[1] ?? '';
    expect((await as('auditor', 'token-del', id)).stdout).toContain(`Deleted token "${id}"`);
    expect((await use()).status).toBe(401);
    expect((await as('auditor', 'token-find')).stdout).toBe(
      '-----------------\n0 entries matched\n-----------------\n',
    );
  });
});

describe('wrong usage leaves no record', () => {
  test.for([
    [['ca-user-find'], 'error: -n is needed: the client certificate to sign in with; clients has'],
    [['-n', 'nobody', 'ca-user-find'], 'error: -n "nobody": there is no such client certificate'],
    [['events'], 'error: -d means nothing to `events`'],
    [['client-cert-find', '-U', 'https://localhost'], 'error: -U means nothing to'],
    [['ca-user-find', '-U', 'http://localhost'], 'expected an https:// address'],
    [['ca-user-find', '--output-format', 'xml'], 'Allowed choices are text, json'],
    [['search', 'x', '-U', 'https://localhost'], 'error: -U goes with -n, --server with --user'],
    [['search', 'x', '-n', 'a', '--user', 'b'], 'error: -n and --user exclude each other'],
    [['search', 'x', '-n', 'a', '--data', 'b'], 'error: --data and -n exclude each other'],
    [['search', 'x', '-n', 'a', '--server', 'http://b'], 'error: -n needs an https:// address'],
    [['-n', 'caadmin', 'ca-user-mod', 'jdoe'], 'error: expected something to change: --fullName'],
    [['-n', 'caadmin', 'ca-group-mod', 'x'], 'error: expected something to change'],
    [['-n', 'caadmin', 'ca-user-cert-add', 'x'], 'error: expected either --input or --issue'],
    [['-n', 'caadmin', 'ca-audit-mod'], 'error: expected --action or --input, got none'],
    [['-n', 'a', 'ca-audit-file-retrieve', '../x'], 'NAME: expected one that ca-audit-file-find'],
    [['-n', 'a', 'audit-event-find', '--enabled', 'maybe'], 'expected True or False'],
  ] as const)('%j', async ([args, message]) => {
    const before = (await records()).length;
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect((await records()).length).toBe(before);
  });
});

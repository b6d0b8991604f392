import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '@countersign/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { told, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-audit');
let { system, folder, as, recordsOf } = {} as PkiSystem;
beforeAll(() => {
  ({ system, folder, as, recordsOf } = pki());
});

/** A command that has to do what it is told; what it printed. */
async function done(nickname: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await as(nickname, ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: expect.any(String) });
  return stdout;
}

describe('ca-audit-show', () => {
  test('prints the audit configuration as Dogtag does', async () => {
    const shown = await done('caadmin', 'ca-audit-show');
    expect(shown).toMatch(
      /^-{19}\nAudit configuration\n-{19}\n {2}Status: Enabled\n {2}Signed: true\n {2}Interval \(seconds\): \d+\n {2}Buffer size \(bytes\): \d+\n {2}Events:\n(?: {4}[A-Z_]+: (?:mandatory|enabled|disabled)\n)+$/,
    );
    expect(shown).toContain('    AUTHZ: ');
  });

  test('is for auditors, too, who change nothing', async () => {
    expect(await done('auditor', 'ca-audit-show')).toContain('Audit configuration');
    const { code, stderr } = await as('auditor', 'audit-event-disable', 'SELFTESTS_EXECUTION');
    expect(stderr).toContain('needs the right "modify" on certServer.log.configuration');
    expect(code).toBe(1);
  });
});

describe('ca-audit-mod', () => {
  test('takes the file that ca-audit-show wrote, changed', async () => {
    const stored = await done('caadmin', 'ca-audit-show', '--output', 'audit.json');
    expect(stored).toContain('Stored audit configuration into audit.json');
    const again = await as('caadmin', 'ca-audit-show', '--output', 'audit.json');
    expect(again.stderr).toContain('"audit.json" exists already');
    expect(again.code).toBe(1);
    const path = join(folder, 'audit.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as { Events: Record<string, string> };
    const optional = Object.entries(config.Events).find(([, state]) => state === 'enabled')?.[0];
    config.Events[optional ?? ''] = 'disabled';
    await writeFile(path, JSON.stringify(config));
    const changed = await done('caadmin', 'ca-audit-mod', '--input', 'audit.json');
    expect(changed).toMatch(/^-{28}\nModified audit configuration\n-{28}\n {2}Status: Enabled\n/);
    expect(changed).toContain(`    ${optional}: disabled\n`);
    expect(await done('caadmin', 'audit-event-enable', optional ?? '')).toContain(
      `Event "${optional}" enabled successfully.`,
    );
  });

  test('does not switch the audit log off, and the attempt is recorded', async () => {
    const left = await recordsOf(async () => {
      const { code, stderr } = await as('caadmin', 'ca-audit-mod', '--action', 'disable');
      expect(stderr).toContain('answered 409 event_mandatory: ');
      expect(code).toBe(1);
    });
    expect(left.map(told)).toContain('CONFIG_SIGNED_AUDIT Failure caadmin');
    expect(await done('caadmin', 'ca-audit-mod', '--action', 'enable')).toContain(
      'Modified audit configuration',
    );
  });

  test('says what is wrong with its input', async () => {
    await writeFile(join(folder, 'no.json'), 'x');
    const { code, stderr } = await as('caadmin', 'ca-audit-mod', '--input', 'no.json');
    expect(stderr).toBe('error: --input "no.json": expected JSON as --output writes it\n');
    expect(code).toBe(1);
  });
});

describe('audit events', () => {
  test('are listed by what they are', async () => {
    const all = await done('caadmin', 'audit-event-find');
    expect(all).toContain('  Event Name: AUTHZ\n  Enabled: True\n');
    const off = await done('caadmin', 'audit-event-find', '--enabled', 'False', '--json');
    const { entries } = JSON.parse(off) as { entries: { status: string }[] };
    expect(new Set(entries.map(({ status }) => status))).not.toContain('enabled');
  });

  test('are disabled and enabled, at once and recorded', async () => {
    const name = 'SELFTESTS_EXECUTION';
    const left = await recordsOf(async () => {
      expect(await done('caadmin', 'audit-event-disable', name)).toContain(
        `Audit event "${name}" disabled.\n`,
      );
    });
    expect(left.map(told)).toContain('CONFIG_SIGNED_AUDIT Success caadmin');
    expect(await done('caadmin', 'audit-event-disable', name)).toContain(
      `Audit event "${name}" already disabled.\n`,
    );
    expect(await done('caadmin', 'audit-event-show', name)).toContain('  Enabled: False\n');
    expect(await done('caadmin', 'audit-event-enable', name)).toContain(
      `Event "${name}" enabled successfully.\n`,
    );
    expect(await done('caadmin', 'audit-event-enable', name)).toContain(
      `Event "${name}" may be already enabled.\n`,
    );
  });

  test('are filtered, and filtered no more', async () => {
    const name = 'SELFTESTS_EXECUTION';
    const filter = '(Outcome=Failure)';
    expect(await done('caadmin', 'audit-event-update', name, '--filter', filter)).toContain(
      `  Filter: ${filter}\n`,
    );
    expect(await done('caadmin', 'audit-event-update', name)).toContain('  Filter: None\n');
    const broken = await as('caadmin', 'audit-event-update', name, '--filter', '(Outcome');
    expect(broken.stderr).toContain('answered 422 filter_syntax: ');
    expect(broken.code).toBe(1);
  });

  test('that are mandatory stay, and what is no event is said', async () => {
    const mandatory = await as('caadmin', 'audit-event-disable', 'AUDIT_LOG_SIGNING');
    expect(mandatory.stderr).toContain('answered 409 event_mandatory: ');
    const none = await as('caadmin', 'audit-event-enable', 'NO_SUCH_EVENT');
    expect(none.stderr).toBe('error: Invalid audit event: NO_SUCH_EVENT\n');
    expect([mandatory.code, none.code]).toEqual([1, 1]);
  });
});

test('audit-config-mod changes how the files are written', async () => {
  const shown = await done('caadmin', 'audit-config-show');
  expect(shown).toMatch(/^ {2}Log File: ca_audit$/m);
  expect(await done('caadmin', 'audit-config-mod', '--maxFileSize', '4000')).toContain(
    '  Max File Size (KB): 4000\n',
  );
});

describe('signed audit files', () => {
  test('are listed for auditors as Dogtag lists them', async () => {
    expect(await done('auditor', 'ca-audit-file-find')).toMatch(
      /^-{17}\n1 entries matched\n-{17}\n {2}File name: ca_audit\n {2}Size: \d+\n-{28}\nNumber of entries returned 1\n-{28}\n$/,
    );
  });

  test('are refused to administrators, and the record is the one that Dogtag leaves', async () => {
    const left = await recordsOf(async () => {
      const { code, stdout, stderr } = await as('caadmin', 'ca-audit-file-find');
      expect(stderr).toMatch(
        /^error: access denied: GET \/ca\/v2\/audit\/files needs the right "read" on certServer\.log\.content\.signedAudit; the attempt was recorded as record \d+; your roles: Administrator\n$/,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    });
    const denied = left.find(
      ({ envelope }) => envelope.event === 'AUTHZ' && envelope.outcome === 'Failure',
    );
    expect(Object.fromEntries(denied?.content?.attributes ?? [])).toMatchObject({
      SubjectID: 'caadmin',
      Outcome: 'Failure',
      aclResource: 'certServer.log.content.signedAudit',
      Op: 'read',
      Info: 'Authorization Error',
    });
  });

  test('are fetched once, verify, and are not replaced', async () => {
    const fetched = await as('auditor', 'ca-audit-file-retrieve', 'ca_audit');
    expect(fetched).toMatchObject({ code: 0, stdout: '' });
    expect(fetched.stderr).toContain('Stored audit file "ca_audit" into ca_audit');
    const cert = join(system.dataDir, 'keys', 'audit-signing.crt');
    const verified = await runCli(['dogtag', 'verify', '--cert', cert, 'ca_audit'], {
      cwd: folder,
    });
    expect(verified).toMatchObject({ code: 0 });
    const before = await readFile(join(folder, 'ca_audit'));
    const again = await as('auditor', 'ca-audit-file-retrieve', 'ca_audit');
    expect(again.stderr).toBe('error: "ca_audit" exists already; name another file or --force\n');
    expect(again.code).toBe(1);
    expect(await readFile(join(folder, 'ca_audit'))).toEqual(before);
    await done('auditor', 'ca-audit-file-retrieve', 'ca_audit', '--force');
    expect((await readFile(join(folder, 'ca_audit'))).length).toBeGreaterThan(before.length);
    const none = await as('auditor', 'ca-audit-file-retrieve', 'ca_audit.20200101000000');
    expect(none.stderr).toContain('answered 404 not_found: ');
  });
});

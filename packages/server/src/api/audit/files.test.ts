import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataPaths } from '../../data-folder/keys.ts';
import { expectWhole, linesOfLog } from '../../signed-audit/testing/files.ts';
import { attribute, startTestServer } from '../../testing/harness.ts';
import { AuditFiles } from './files.ts';

const PATH = '/api/v1/audit/files';
const system = await startTestServer();
const { signedAudit, pki, log } = system.server.platform;
const folder = dataPaths(system.server.config.dataDir).signedAudit;
let auditor: string;
beforeAll(async () => {
  auditor = await system.signIn('auditor');
});

async function list(): Promise<ReturnType<typeof AuditFiles.parse>['files']> {
  const answer = await system.request(PATH, { cookie: auditor });
  expect(answer.status).toBe(200);
  const body: unknown = await answer.json();
  expect(AuditFiles.parse(body)).toEqual(body);
  return AuditFiles.parse(body).files;
}

async function fetchFile(name: string): Promise<Uint8Array> {
  const answer = await system.request(`${PATH}/${name}`, { cookie: auditor });
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

describe('signed audit files over the API', () => {
  test('are listed oldest first, and whole when fetched', async () => {
    signedAudit.configure({ ...signedAudit.settings, maxFileSize: 1 });
    for (let i = 0; i < 6; i += 1) await system.signIn('auditor');
    const files = await list();
    expect(files.length).toBeGreaterThan(2);
    expect(files.map(({ current }) => current)).toEqual(
      files.map((_, i) => i === files.length - 1),
    );
    expect(files.map(({ name }) => name)).toEqual(
      files
        .map(({ name }) => name)
        .sort((a, b) => Number(a === 'ca_audit') - Number(b === 'ca_audit') || (a < b ? -1 : 1)),
    );
    signedAudit.configure({ ...signedAudit.settings, maxFileSize: 0 });
    const fetched: { name: string; bytes: Uint8Array }[] = [];
    for (const { name, current, size } of await list()) {
      const bytes = await fetchFile(name);
      fetched.push({ name, bytes });
      expect(current || bytes.length === size).toBe(true);
    }
    // The current file has what was recorded until it was asked for, the check of its own request included.
    const lines = await linesOfLog(log);
    const own = lines.findIndex((line) => line.includes(`GET:${PATH}/ca_audit]`));
    expectWhole(fetched, lines.slice(0, own + 1), pki.auditSigning.certificate.publicKey);
  });

  test('their download is a read of the log, recorded with the name before the first byte', async () => {
    const records = await system.recordsOf(async () => {
      const answer = await system.request(`${PATH}/ca_audit`, { cookie: auditor });
      expect(answer.headers.get('content-type')).toBe('application/octet-stream');
      expect(answer.headers.get('content-disposition')).toBe('attachment; filename="ca_audit"');
      const bytes = await answer.arrayBuffer();
      expect(answer.headers.get('content-length')).toBe(String(bytes.byteLength));
    });
    expect(records.map(({ envelope: { event, outcome } }) => `${event} ${outcome}`)).toEqual([
      'AUTHZ Success',
      'AUDIT_LOG_EXPORT Success',
    ]);
    expect(attribute(records[0], 'aclResource')).toBe('certServer.log.content.signedAudit');
    expect(records[1]?.content.attributes).toEqual([
      ['Format', 'dogtag'],
      ['File', 'ca_audit'],
    ]);
  });

  test('HEAD says how much would come, and nothing leaves the house', async () => {
    const records = await system.recordsOf(async () => {
      const answer = await system.request(`${PATH}/ca_audit`, { method: 'HEAD', cookie: auditor });
      expect(answer.status).toBe(200);
      expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(1_000);
      expect(await answer.text()).toBe('');
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ']);
  });

  test.each([
    [
      '..%2F..%2Fstate.db',
      400,
      'parameter_invalid',
      'name: expected the name of a file without a path, got "../../state.db"',
    ],
    [
      '%2e%2e%5cx',
      400,
      'parameter_invalid',
      'name: expected the name of a file without a path, got "..\\x"',
    ],
    [
      'ca_audit.20200101000000',
      404,
      'not_found',
      'there is no signed audit file "ca_audit.20200101000000"',
    ],
    [
      'signedAudit.journal',
      404,
      'not_found',
      'there is no signed audit file "signedAudit.journal"',
    ],
    ['notes.txt', 404, 'not_found', 'there is no signed audit file "notes.txt"'],
    [
      'ca_audit.20200202000000',
      404,
      'not_found',
      'there is no signed audit file "ca_audit.20200202000000"',
    ],
  ])('%s: %i', async (name, status, code, detail) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'notes.txt'), 'not one of ours');
    const link = join(folder, 'ca_audit.20200202000000');
    await symlink(join(folder, '..', '..', 'state.db'), link);
    const records = await system.recordsOf(async () => {
      const answer = await system.request(`${PATH}/${name}`, { cookie: auditor });
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ code, detail });
    });
    expect(records.map(({ envelope }) => envelope.event)).toEqual(['AUTHZ']);
    await rm(link);
  });

  test('administrators do not read them', async () => {
    const admin = await system.signIn('admin');
    for (const path of [PATH, `${PATH}/ca_audit`]) {
      const answer = await system.request(path, { cookie: admin });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({
        resource: 'certServer.log.content.signedAudit',
        operation: 'read',
      });
    }
  });
});

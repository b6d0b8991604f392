import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PASSWORDS, runCli, startSystem, temporaryFolder, type System } from '@countersign/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

let work: Awaited<ReturnType<typeof temporaryFolder>>;
let system: System;
beforeAll(async () => {
  work = await temporaryFolder('setup');
  system = await startSystem();
  const file = { settings: { 'certificates.pageSize': 100 }, smtp: { host: 'mail.example.com' } };
  await writeFile(join(work.path, 'setup.json'), JSON.stringify(file));
});
afterAll(async () => {
  await system.close();
  await work.remove();
});

const CHANGES = [
  'setting certificates.pageSize: 100 instead of 50',
  'setting smtp.host: "mail.example.com" instead of ""',
];

async function setup(...args: string[]) {
  const { code, stdout, stderr } = await runCli(['setup', ...args], {
    cwd: work.path,
    env: { COUNTERSIGN_PASSWORD: PASSWORDS.admin, COUNTERSIGN_ADMIN_PASSWORD: PASSWORDS.admin },
  });
  return { code, stdout, stderr };
}

test('a running server is asked; a second time there is nothing to do', async () => {
  const at = ['--server', system.url, '--file', 'setup.json'];
  const dry = await setup(...at, '--dry-run');
  expect(dry).toEqual({
    code: 0,
    stdout: `would change:\n${CHANGES.map((line) => `  ${line}\n`).join('')}`,
    stderr: '',
  });
  const first = await setup(...at, '--json');
  expect(JSON.parse(first.stdout)).toEqual({
    applied: true,
    changes: CHANGES,
    secrets: [],
    accounts: [],
  });
  expect((await setup(...at)).stdout).toBe('nothing to do\n');
});

test('a folder that is not there is made and set up; a second time there is nothing to do', async () => {
  const at = ['--data', 'data', '--file', 'setup.json'];
  const dry = await setup(...at, '--dry-run');
  expect(dry.code).toBe(1);
  expect(dry.stderr).toBe('error: --data "data": there is nothing to compare with yet\n');
  const first = await setup(...at);
  expect(first.stdout).toContain('Accounts created');
  expect(first.stdout).toContain(`changed:\n${CHANGES.map((line) => `  ${line}\n`).join('')}`);
  expect(await setup(...at)).toEqual({ code: 0, stdout: 'nothing to do\n', stderr: '' });
});

test('a faulty file changes nothing and is told by its fields; without a terminal there must be one', async () => {
  await writeFile(join(work.path, 'faulty.json'), JSON.stringify({ smtp: { password: 'x' } }));
  const faulty = await setup('--server', system.url, '--file', 'faulty.json', '--json');
  expect(faulty.code).toBe(1);
  expect(JSON.parse(faulty.stderr)).toMatchObject({
    error: {
      code: 'setup_invalid',
      message: '--file "faulty.json": password: expected no such field, got a value',
    },
  });
  const asked = await setup('--server', system.url);
  expect(asked.code).toBe(1);
  expect(asked.stderr).toBe('error: setup needs --file (stdin is not a terminal to ask on)\n');
});

test('a folder whose server runs is told to be asked by --server', async () => {
  const { code, stderr } = await setup('--data', system.dataDir, '--file', 'setup.json');
  expect(code).toBe(1);
  expect(stderr).toContain('is in use by a running server: name it with --server');
});

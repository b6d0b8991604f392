import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProducer } from '@countersign/server';
import { platformRecords } from './demo/platform-records.ts';
import { Visitor } from './demo/visitor.ts';
import { CliError, fileTrouble, systemCode } from './errors.ts';
import { dataFolder, exists } from './files.ts';
import type { Output } from './output.ts';
import type { Running } from './serve.ts';
import { holdWriterLock } from './writer-lock.ts';

/** In a folder that a demo made, and in no other: only such a folder is ever removed. */
const MARK = '.countersign-demo';
const TESTDATA = fileURLToPath(new URL('../../../testdata/dogtag', import.meta.url));
const CLI = fileURLToPath(new URL('../bin/countersign.mjs', import.meta.url));

/** Makes room for a new demo. @throws CliError `file_exists` for a folder that is not an earlier demo's, `data_locked` while that one runs */
export async function clearDemoFolder(data: string): Promise<void> {
  try {
    const names = await readdir(data);
    if (names.length > 0 && !names.includes(MARK)) {
      throw new CliError(
        'file_exists',
        `--data "${data}" holds something that is not an earlier demo's: name another folder`,
        { details: { data } },
      );
    }
    const folder = dataFolder(data);
    if (await exists(folder.log)) holdWriterLock(folder)[Symbol.dispose]();
    await rm(data, { recursive: true });
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (systemCode(error) !== 'ENOENT') {
      throw new CliError(
        'file_unwritable',
        `--data "${data}" cannot be made anew: ${fileTrouble(error)}`,
        { cause: error, details: { data } },
      );
    }
  }
  await mkdir(data, { recursive: true, mode: 0o700 });
  await writeFile(
    join(data, MARK),
    'made by `countersign demo`, which removes this folder when it runs again\n',
  );
}

/** Puts something into every view: signed logs, a platform's records, visitors who succeed and who are refused. */
export async function fillDemo(output: Output, running: Running): Promise<void> {
  for (const set of await readdir(TESTDATA, { withFileTypes: true })) {
    if (!set.isDirectory()) continue;
    output.say(`importing the signed log ${set.name}`);
    await importSet(running, set.name);
  }
  output.say('a certificate platform appends its records');
  await appendPlatform(running);
  output.say('visitors come: some are refused, an auditor searches and exports');
  await playVisitors(running);
}

/** With the real command, in a process of its own, over HTTP: as an operator would. */
async function importSet({ config, url }: Running, set: string): Promise<void> {
  const { token } = await createProducer({ data: config.dataDir, name: set });
  const dir = join(TESTDATA, set);
  const args = [
    'dogtag',
    'import',
    '--cert',
    join(dir, 'signing-cert.pem'),
    '--server',
    url,
    '--producer',
    set,
    '--token',
    token,
    dir,
  ];
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((done, fail) =>
    child.on('error', fail).on('close', done),
  );
  if (code !== 0)
    throw new CliError(
      'not_verified',
      `the import of ${resolve(dir)} ended with ${code}: ${said.trim()}`,
    );
}

async function appendPlatform({ config, url }: Running): Promise<void> {
  const { token } = await createProducer({ data: config.dataDir, name: 'demo' });
  const response = await fetch(`${url}/api/v1/producers/demo/records`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ records: platformRecords(new Date()) }),
  });
  if (!response.ok)
    throw new CliError(
      'server_refused',
      `the demo's records were refused with ${response.status}: ${await response.text()}`,
    );
  await response.arrayBuffer();
}

/** Each visit leaves its records: sign-ins, denials of pages and endpoints, searches, an export. */
async function playVisitors(running: Running): Promise<void> {
  const passwords = demoPasswords(running);
  const stranger = new Visitor(running.url);
  await stranger.open('/portal/audit');
  await stranger.open('/api/v1/audit/records?limit=1');
  await stranger.signIn('root', randomBytes(6).toString('hex'));

  const admin = new Visitor(running.url);
  await admin.signIn('admin', randomBytes(6).toString('hex'));
  await admin.signIn('admin', passwords.admin);
  await admin.open('/portal/audit');
  await admin.open('/api/v1/audit/records?limit=50');
  await admin.open('/api/v1/audit/export?format=csv');
  await admin.signOut();

  const auditor = new Visitor(running.url);
  await auditor.signIn('auditor', passwords.auditor);
  const denied = encodeURIComponent('Category -eq "AuthorizationFailure" AND Level -eq "Warning"');
  await auditor.open(`/api/v1/audit/records?query=${denied}&limit=50`);
  await auditor.open('/api/v1/audit/records?query=caadmin&limit=50');
  await auditor.open('/api/v1/audit/records/7');
  await auditor.open(`/api/v1/audit/export?query=${denied}&format=ndjson`);
  await auditor.signOut();
}

/** The passwords of a first start: printed ones, or those the operator chose. */
function demoPasswords({ firstStart, config }: Running): { admin: string; auditor: string } {
  const password = (username: string, chosen: string | null): string => {
    const made = firstStart?.accounts.find((account) => account.username === username)?.password;
    const known = made ?? chosen;
    if (known === null) throw new Error('bad order in demo: the folder had accounts already');
    return known;
  };
  return {
    admin: password('admin', config.secrets.adminPassword),
    auditor: password('auditor', config.secrets.auditorPassword),
  };
}

/**
 * A server that dies while it enrolls or revokes: `node dying-process.ts FOLDER OPERATION POINT`. With the operation
 * `loop` it enrolls and revokes until it is killed, and prints what it has answered; with `look` it prints what is there.
 */
import { truncateSync, statSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parseContent } from '@countersign/records';
import { createAccount, findAccount } from '../accounts/accounts.ts';
import { makeCsr } from '../ca/csr.ts';
import { generateKeyPair } from '../ca/key-algorithm.ts';
import { loadConfig } from '../config/config.ts';
import { dataPaths } from '../data-folder/keys.ts';
import { silentLoggers } from '../logger.ts';
import { noteOf } from '../recording/testing.ts';
import { reconcile } from '../reconciliation/reconcile.ts';
import { createServer } from '../server.ts';
import { PASSWORDS } from '../testing/passwords.ts';
import type { Point, Seen } from './points.ts';

const [dir = '', operation = '', point = ''] = process.argv.slice(2);
const statePath = dataPaths(join(dir, 'data')).state;

/** Where the next audited change ends; null: it is done. */
let deadly: Point | null = null;

function dieAt(here: Point): void {
  if (deadly === here) process.kill(process.pid, 'SIGKILL');
}

/** Sees the commits of SQLite from within. */
// oxlint-disable-next-line typescript/unbound-method -- it is called with the database it belongs to
const { prepare } = DatabaseSync.prototype;
DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
  const statement = prepare.call(this, sql);
  if (sql !== 'commit') return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    const result = run();
    if (deadly === 'torn') {
      // The last page of the commit did not reach the disk.
      truncateSync(`${statePath}-wal`, statSync(`${statePath}-wal`).size - 100);
      process.kill(process.pid, 'SIGKILL');
    }
    dieAt('committed');
    return result;
  };
  return statement;
};

const config = loadConfig(
  { COUNTERSIGN_ADMIN_PASSWORD: PASSWORDS.admin, COUNTERSIGN_AUDITOR_PASSWORD: PASSWORDS.auditor },
  { data: join(dir, 'data'), port: 0, httpsPort: 'off' },
);
const { app, log, platform } = await createServer(config, { loggers: silentLoggers });
const { recorder, sessions, cookies, clock, state } = platform;

const audited = recorder.audited.bind(recorder);
let next: Point | null = null;
recorder.audited = async (work) =>
  await audited(async (tx) => {
    const result = await work(tx);
    if (next !== null) deadly = next;
    dieAt('written');
    return result;
  });
const append = log.append.bind(log);
log.append = async (producer, drafts) => {
  const appended = await append(producer, drafts);
  dieAt('appended');
  return appended;
};

// Nobody who is killed comes to it by himself.
flushCompileCache();
const cookie = await signIn();
if (operation === 'look') process.stdout.write(`${JSON.stringify(await look())}\n`);
else if (operation === 'loop') await loop();
else await once(operation, point as Point);
process.exit(0);

async function once(what: string, at: Point): Promise<void> {
  const subject = `CN=${what}-${at}`;
  if (what === 'enroll') {
    const csr = await newCsr(subject);
    arm(at);
    await enroll(csr);
  } else {
    const id = await enroll(await newCsr(subject));
    arm(at);
    await revoke(id);
  }
}

async function loop(): Promise<void> {
  for (;;) {
    const csrs = await Promise.all([newCsr('CN=a.example.com'), newCsr('CN=b.example.com')]);
    const ids = await Promise.all(csrs.map(enroll));
    await revoke(ids[0] ?? 0);
    process.stdout.write(`${ids.join(' ')}\n`);
  }
}

/** The next audited change ends there; what came before is out of the way. */
function arm(at: Point): void {
  if (at === 'torn') {
    const database = new DatabaseSync(statePath);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }
  next = at;
}

async function newCsr(subject: string): Promise<string> {
  const { privateKey } = await generateKeyPair('P-256');
  return await makeCsr({ subject, sans: [], key: privateKey });
}

async function enroll(csr: string): Promise<number> {
  const body = await post('enrollment/csr', { csr, template: 'WebServer' });
  return (body['certificate'] as { id: number }).id;
}

async function revoke(id: number): Promise<void> {
  await post('certificates/revoke', { ids: [id], reason: 1, comment: 'lost' });
}

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await app.request(`/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

async function signIn(): Promise<string> {
  const known = await findAccount(state.db, 'operator');
  const { result } = await audited(async (tx) => {
    tx.record(noteOf('operator'));
    const user =
      known ??
      (await createAccount(tx.db, {
        username: 'operator',
        name: 'operator',
        passwordHash: '',
        passwordGenerated: false,
        roles: ['CA Operations'],
        now: clock(),
      }));
    return await sessions.create(tx.db, { user, address: '127.0.0.1', method: 'password' });
  });
  result.begin();
  return `${cookies.plain.name}=${result.id}`;
}

/** What the state holds, and what the log says. */
async function look(): Promise<Seen> {
  const rows = await state.db
    .selectFrom('certificates')
    .select(['id', 'subject', 'fingerprint', 'state'])
    .execute();
  const revoked = await state.db
    .selectFrom('revoked_certificates')
    .innerJoin('certificates', 'certificates.serial', 'revoked_certificates.serial')
    .select('certificates.fingerprint')
    .execute();
  const issued: string[] = [];
  const revocations: string[] = [];
  await recorder.idle();
  for await (const batch of log.reader.readRange(0, log.size))
    for (const { envelope, contentBytes } of batch) {
      const id = parseContent(contentBytes ?? new Uint8Array()).target?.id ?? '';
      if (envelope.event === 'CERT_REQUEST_PROCESSED') issued.push(id);
      if (envelope.event === 'CERT_STATUS_CHANGE_REQUEST_PROCESSED') revocations.push(id);
    }
  const { problems } = await reconcile({
    reader: log.reader,
    db: state.db,
    size: () => Promise.resolve(log.size),
    signal: AbortSignal.timeout(60_000),
  });
  return {
    certificates: rows,
    onLists: revoked.map(({ fingerprint }) => fingerprint),
    issued,
    revoked: revocations,
    problems: problems.map(({ message }) => message),
  };
}

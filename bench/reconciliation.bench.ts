import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_BATCH_RECORDS, type Log } from '@countersign/ledger';
import type { JsonObject } from '@countersign/records';
import { openState } from '../packages/server/src/database/open.ts';
import type { StateDatabase } from '../packages/server/src/database/schema.ts';
import { completeDraft } from '../packages/server/src/recording/draft.ts';
import { OWN_PRODUCER } from '../packages/server/src/recording/recorder.ts';
import { reconcile } from '../packages/server/src/reconciliation/reconcile.ts';
import { createBenchLog } from './log.ts';
import { describeMachine } from './machine.ts';
import { formatRate } from './stats.ts';

/**
 * Comparing a state with its log: so many certificates, each with its record and two records of something else beside
 * it; next to the floor of the same run: reading all of the log, which checks every content against its digest.
 */
const { values } = parseArgs({
  options: {
    certificates: { type: 'string', default: '100000' },
    dir: { type: 'string', default: resolve(import.meta.dirname, '..', '.cache', 'bench') },
  },
});
const NOW = '2026-11-22T12:00:00.000Z';
const CHUNK = 500;

await mkdir(values.dir, { recursive: true });
const dir = await mkdtemp(join(values.dir, 'reconciliation-'));
const log = await createBenchLog(join(dir, 'log'));
const { state, writer } = await openState(join(dir, 'state.db'));
try {
  const count = Number(values.certificates);
  for (let at = 0; at < count; at += CHUNK)
    await fill(log, writer, at, Math.min(CHUNK, count - at));
  const { cores, cpu, node } = describeMachine(dir);
  process.stdout.write(
    `${count} certificates, ${log.size} records; ${cores} cores ${cpu}, Node ${node}\n\n`,
  );
  const floor = await measure(async () => {
    for await (const batch of log.reader.readRange(0, log.size)) if (batch.length === 0) break;
  });
  let found = 0;
  const memory = process.memoryUsage().rss;
  const run = await measure(async () => {
    found = (await reconcile({ reader: log.reader, db: state.db })).problemCount;
  });
  const grown = (process.memoryUsage().rss - memory) / 1_048_576;
  process.stdout.write(
    '|  | s | CPU s | certificates/s | of the floor |\n| --- | ---: | ---: | ---: | ---: |\n',
  );
  for (const [name, { wall, cpu: used }] of [
    ['floor: reading the log', floor],
    ['reconciliation', run],
  ] as const)
    process.stdout.write(
      `| ${name} | ${wall.toFixed(1)} | ${used.toFixed(1)} | ${formatRate(count / wall)} | ${(used / floor.cpu).toFixed(1)} |\n`,
    );
  process.stdout.write(`\nproblems: ${found}; memory grew by ${grown.toFixed(0)} MiB\n`);
} finally {
  await log.close();
  await state.close();
  await rm(dir, { recursive: true, force: true });
}

async function measure(work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1_000, cpu: (user + system) / 1_000_000 };
}

async function fill(into: Log, db: StateDatabase, first: number, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, k) => rowOf(first + k));
  const drafts = rows.flatMap(({ row, model }) => {
    const { fingerprint, subject } = row;
    const base = { actor: { id: 'operator', kind: 'user' as const }, source: { system: 'bench' } };
    const target = { type: 'certificate', id: fingerprint, name: subject };
    const other = { event: 'AUTHZ', outcome: 'Success' as const, content: base };
    const issued = {
      event: 'CERT_REQUEST_PROCESSED',
      outcome: 'Success' as const,
      content: { ...base, target, after: model },
    };
    return [other, issued, other].map((draft) => completeDraft(draft, new Date(NOW)));
  });
  let seq = into.nextSeq(OWN_PRODUCER);
  for (let at = 0; at < drafts.length; at += MAX_BATCH_RECORDS) {
    const batch = drafts
      .slice(at, at + MAX_BATCH_RECORDS)
      .map((draft, i) => ({ ...draft, seq: seq + i }));
    await into.append(OWN_PRODUCER, batch);
    seq += batch.length;
  }
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('certificates')
      .values(rows.map(({ row }) => row))
      .execute();
    await tx
      .insertInto('certificate_contents')
      .values(rows.map(({ content }) => content))
      .execute();
  });
}

function rowOf(n: number) {
  const bytes = randomBytes(900);
  const fingerprint = createHash('sha256').update(bytes).digest('hex');
  const subject = `CN=host${n}.example.com,O=Example`;
  const row = {
    id: n + 1,
    fingerprint,
    thumbprint: createHash('sha1').update(bytes).digest('hex'),
    serial: fingerprint.slice(0, 30).replace(/^0+/, ''),
    subject,
    subject_folded: subject.toLowerCase(),
    common_name: `host${n}.example.com`,
    issuer: 'CN=Issuing CA',
    authority: null,
    not_before: NOW,
    not_after: NOW,
    key_type: 'EC',
    key_size: 256,
    signature_algorithm: 'ECDSA-SHA256',
    public_key: fingerprint,
    template: 'Web',
    requester: 'operator',
    request: null,
    origin: 'issued' as const,
    state: 'active' as const,
    revoked_at: null,
    revocation_reason: null,
    revocation_comment: null,
    has_private_key: 0,
    owner_role: null,
    renews: null,
    created_at: NOW,
  };
  const model: JsonObject = {
    id: row.id,
    fingerprint,
    serial: row.serial,
    subject,
    issuer: row.issuer,
    notBefore: NOW,
    notAfter: NOW,
    template: row.template,
    requester: row.requester,
    state: row.state,
    revokedAt: null,
    revocationReason: null,
    ownerRole: null,
    metadata: {},
  };
  const content = {
    certificate: row.id,
    der: bytes.toString('base64'),
    private_key: null,
    key_retained_until: null,
  };
  return { row, model, content };
}

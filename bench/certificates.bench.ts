import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { listCertificates } from '../packages/server/src/certificates/certificate-view.ts';
import { readCertificateQuery } from '../packages/server/src/certificates/query/read-query.ts';
import { searchCertificates, type SortKey } from '../packages/server/src/certificates/search.ts';
import { PostgresLocation } from '../packages/server/src/database/location.ts';
import { openState } from '../packages/server/src/database/open.ts';
import type { StateDatabase, StateReader } from '../packages/server/src/database/schema.ts';
import {
  clusterFolder,
  databaseUrl,
  startCluster,
} from '../packages/server/src/testing/postgres/cluster.ts';
import { describeMachine } from './machine.ts';
import { formatMs, percentile } from './stats.ts';

/**
 * Latency of searching certificates, total included: every kind of search over so many certificates, each run with
 * another value, beside the floor of the same run: reading the 50 certificates of a page whose numbers are known.
 */
const HELP = `node bench/certificates.bench.ts [options]

  --certificates N  how many there are (default 100000)
  --runs N          searches of each kind (default 50)
  --postgres        the state in a PostgreSQL of its own instead of SQLite
  --dir DIR         where the files go (default .cache/bench)
`;

const { values } = parseArgs({
  options: {
    certificates: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '50' },
    postgres: { type: 'boolean', default: false },
    dir: { type: 'string', default: resolve(import.meta.dirname, '..', '.cache', 'bench') },
    help: { type: 'boolean', default: false },
  },
});

const NOW = new Date('2026-11-22T12:00:00.000Z');
const DAY_MS = 86_400_000;
const PAGE = 50;
/** What we want to reach, in milliseconds. */
const AIM_P95 = 100;
const WORDS =
  'app web mail vpn db cache proxy auth build metrics search queue ledger gateway printer kiosk'.split(
    ' ',
  );
const TEMPLATES = ['Web Server', 'VPN', 'User', 'Device', 'Code Signing'];

async function main(): Promise<void> {
  const count = Number(values.certificates);
  const runs = Number(values.runs);
  await mkdir(values.dir, { recursive: true });
  const dir = await mkdtemp(join(values.dir, 'certificates-'));
  const cluster = values.postgres ? await startCluster(await clusterFolder()) : null;
  const { state, writer } = await openState(
    cluster === null
      ? join(dir, 'state.db')
      : new PostgresLocation(databaseUrl(cluster.dir, 'postgres')),
  );
  try {
    await fill(writer, count);
    // As a server that runs for a while has it by itself.
    if (cluster !== null) await sql`vacuum analyze`.execute(writer);
    const { cores, cpu, platform, node } = describeMachine(dir);
    const where = cluster === null ? 'SQLite' : 'PostgreSQL';
    process.stdout.write(
      `${where}, ${count} certificates; ${cores} cores ${cpu}, ${platform}, Node ${node}\n\n`,
    );
    const floor = await measure(runs, async (i) => {
      const first = some(i, count - PAGE) + 1;
      const ids = Array.from({ length: PAGE }, (_, k) => first + k);
      return (await listCertificates(state.db, ids, NOW)).length;
    });
    row(
      '',
      'p50 ms',
      'p95 ms',
      'max ms',
      'CPU ms',
      'of the floor',
      'found',
      `aim p95 < ${AIM_P95}`,
    );
    row('---', '---:', '---:', '---:', '---:', '---:', '---:', '---');
    print('floor: a page by its numbers', floor, floor.p50);
    for (const { name, query, sort } of CASES)
      print(
        name,
        await measure(runs, async (i) => await search(state.db, query(i, count), sort)),
        floor.p50,
      );
  } finally {
    await state.close();
    await cluster?.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

interface Case {
  readonly name: string;
  readonly query: (i: number, count: number) => string;
  readonly sort?: readonly SortKey[];
}

const ASCENDING = (field: SortKey['field']): SortKey[] => [{ field, descending: false }];

const CASES: readonly Case[] = [
  { name: 'newest page', query: () => '' },
  { name: 'CN begins', query: (i, n) => `CN -startswith "${nameOf(some(i, n)).slice(0, 8)}"` },
  { name: 'CN contains, many', query: (i) => `CN -contains "${WORDS[i % WORDS.length] ?? ''}"` },
  { name: 'CN contains, one', query: (i, n) => `CN -contains "${some(i, n)}.ex"` },
  { name: 'CN contains, none', query: (i) => `CN -contains "nothing${i}"` },
  { name: 'DN contains', query: (i, n) => `DN -contains "ou=team${some(i, n) % 97}"` },
  { name: 'serial', query: (i, n) => `SerialNumber -eq "0x${serialOf(some(i, n)).toUpperCase()}"` },
  { name: 'thumbprint', query: (i, n) => `Thumbprint -eq "${digest('sha1', some(i, n))}"` },
  { name: 'SAN', query: (i, n) => `SAN -eq "${nameOf(some(i, n))}"` },
  { name: 'SAN contains', query: (i, n) => `SAN -contains "alt${some(i, n)}."` },
  {
    name: 'ends within 30 days, by end',
    query: (i) => `NotAfter -ge "%TODAY+${i}%" AND NotAfter -lt "%TODAY+${i + 30}%"`,
    sort: ASCENDING('notAfter'),
  },
  { name: 'template', query: (i) => `Template -eq "${TEMPLATES[i % TEMPLATES.length] ?? ''}"` },
  { name: 'metadata', query: (i) => `Metadata.Team -eq "Team ${i % 200}"` },
  { name: 'metadata, number', query: (i) => `Metadata.Cost -gt ${990 - (i % 5)}` },
  { name: 'requester', query: (i) => `Requester -eq "user${i % 500}"` },
  { name: 'issuer', query: () => 'Issuer -contains "issuing ca 2"' },
  { name: 'state: revoked', query: () => 'State -eq "revoked"' },
  { name: 'state: active', query: () => 'State -eq "active"' },
  { name: 'a word', query: (i, n) => nameOf(some(i, n)) },
  { name: 'a word that is nowhere', query: (i) => `nowhere${i}` },
  {
    name: 'all, by name',
    query: () => '',
    sort: ASCENDING('commonName'),
  },
  {
    name: 'all, by template and end',
    query: () => '',
    sort: [...ASCENDING('template'), { field: 'notAfter', descending: true }],
  },
  {
    name: 'of a template, active, by subject',
    query: () => 'Template -eq "VPN" AND State -eq "active"',
    sort: ASCENDING('subject'),
  },
];

async function search(
  db: StateReader,
  query: string,
  sort: readonly SortKey[] | undefined,
): Promise<number> {
  const condition = await readCertificateQuery(db, query, { now: NOW, me: 'user1' });
  const page = await searchCertificates(db, {
    conditions: [condition],
    limit: PAGE,
    ...(sort === undefined ? {} : { sort }),
  });
  await listCertificates(db, page.ids, NOW);
  return page.total;
}

interface Measured {
  /** Milliseconds of this process a search: with SQLite all of it, whatever else the machine does. */
  readonly cpu: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly found: number;
}

async function measure(runs: number, run: (i: number) => Promise<number>): Promise<Measured> {
  const times: number[] = [];
  let found = 0;
  let cpu = process.cpuUsage();
  const warmUp = Math.ceil(runs / 10);
  for (let i = 0; i < runs + warmUp; i++) {
    const started = performance.now();
    const total = await run(i);
    if (i === warmUp - 1) cpu = process.cpuUsage();
    if (i < warmUp) continue;
    times.push(performance.now() - started);
    found += total;
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpu: (user + system) / 1_000 / runs,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    max: Math.max(...times),
    found: Math.round(found / runs),
  };
}

function print(name: string, { p50, p95, max, cpu, found }: Measured, floor: number): void {
  const verdict = p95 < AIM_P95 ? 'reached' : 'MISSED';
  row(
    name,
    formatMs(p50),
    formatMs(p95),
    formatMs(max),
    formatMs(cpu),
    (p50 / floor).toFixed(1),
    String(found),
    verdict,
  );
}

function row(...cells: readonly string[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

/** Some certificate, another one in every run. */
function some(i: number, count: number): number {
  return Math.floor(((i * 0.618_033_988_75) % 1) * count);
}

function nameOf(n: number): string {
  return `${WORDS[n % WORDS.length] ?? ''}${n}.example.com`;
}

function digest(algorithm: string, n: number): string {
  return createHash(algorithm).update(`certificate ${n}`).digest('hex');
}

function serialOf(n: number): string {
  return digest('sha256', n).slice(0, 32).replace(/^0+/, '');
}

/** Rows as a busy authority's: every seventh revoked, a quarter with metadata, one or two names each. */
async function fill(db: StateDatabase, count: number): Promise<void> {
  for (const [position, [name, type]] of Object.entries({
    Team: 'string',
    Cost: 'integer',
  }).entries())
    await db
      .insertInto('metadata_fields')
      .values({
        name,
        definition: JSON.stringify({ type, description: '', options: [] }),
        position,
        created_at: NOW.toISOString(),
      })
      .execute();
  const chunk = 500;
  for (let at = 0; at < count; at += chunk) {
    const numbers = Array.from({ length: Math.min(chunk, count - at) }, (_, k) => at + k);
    await db.transaction().execute(async (tx) => {
      await tx.insertInto('certificates').values(numbers.map(certificateRow)).execute();
      await tx
        .insertInto('certificate_contents')
        .values(
          numbers.map((n) => ({
            certificate: n + 1,
            der: Buffer.alloc(900, n).toString('base64'),
            private_key: null,
            key_retained_until: null,
          })),
        )
        .execute();
      await tx.insertInto('certificate_sans').values(numbers.flatMap(sanRows)).execute();
      const metadata = numbers.filter((n) => n % 4 === 0).flatMap(metadataRows);
      await tx.insertInto('certificate_metadata').values(metadata).execute();
    });
  }
}

function certificateRow(n: number) {
  const subject = `CN=${nameOf(n)},OU=Team${n % 97},O=Example Corporation,L=Chicago,ST=IL,C=US`;
  const begins = NOW.getTime() - (n % 700) * DAY_MS;
  const revoked = n % 7 === 0;
  return {
    id: n + 1,
    fingerprint: digest('sha256', n),
    thumbprint: digest('sha1', n),
    serial: serialOf(n),
    subject,
    subject_folded: subject.toLowerCase(),
    common_name: nameOf(n),
    issuer: `CN=Issuing CA ${n % 3},O=Example Corporation,C=US`,
    authority: null,
    not_before: new Date(begins).toISOString(),
    not_after: new Date(begins + 500 * DAY_MS).toISOString(),
    key_type: n % 3 === 0 ? 'RSA' : 'EC',
    key_size: n % 3 === 0 ? 2_048 : 256,
    signature_algorithm: 'ECDSA-SHA256',
    public_key: digest('sha256', -n),
    template: TEMPLATES[n % TEMPLATES.length] ?? null,
    requester: `user${n % 500}`,
    request: null,
    origin: 'issued' as const,
    state: revoked ? ('revoked' as const) : ('active' as const),
    revoked_at: revoked ? NOW.toISOString() : null,
    revocation_reason: revoked ? n % 5 : null,
    revocation_comment: null,
    has_private_key: n % 2,
    owner_role: null,
    renews: null,
    created_at: new Date(begins).toISOString(),
  };
}

function sanRows(n: number) {
  const names = n % 2 === 0 ? [nameOf(n)] : [nameOf(n), `alt${n}.example.com`];
  return names.map((value, position) => ({
    certificate: n + 1,
    position,
    type: 'dns' as const,
    value,
    folded: value,
  }));
}

function metadataRows(n: number) {
  const team = `Team ${n % 200}`;
  const cost = String(n % 1_000);
  return [
    { certificate: n + 1, field: 'Team', value: team, folded: team.toLowerCase() },
    { certificate: n + 1, field: 'Cost', value: cost, folded: cost },
  ];
}

if (values.help) process.stdout.write(HELP);
else await main();

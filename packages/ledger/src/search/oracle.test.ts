import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  QUERY_FIELDS,
  formatQuery,
  matchesQuery,
  operatorsOf,
  parseQuery,
  resolveQuery,
} from '@countersign/records';
import type { Content, Envelope, Query, QueryValue, ResolvedQuery } from '@countersign/records';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openIndex } from './index.ts';
import type { LogIndex } from './index.ts';
import { listSource } from './testing/list-source.ts';
import type { ListedRecord } from './testing/list-source.ts';

// Few values, many collisions: names that differ in case, accents and notation alone.
const NAMES = [
  'Jörg',
  'JORG',
  'jorg',
  'Straße',
  'STRASSE',
  'CN=web1.example.com,L=Zürich',
  'cn=WEB1.example.com',
  'x',
  '%',
  "it's",
  '"q"',
  'a b',
  '東京',
  '0a:1b:2c:3d',
  '0x0A1B2C3D',
  '00ff',
  'Σας',
  '',
];
const TIMES = [
  '1969-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00.000Z',
  '2026-01-01T00:59:59.999Z',
  '2026-01-01T01:00:00.000Z',
  '2026-03-15T12:34:56.789Z',
  '2026-03-16T00:00:00.000Z',
  '2027-02-01T08:00:00.000Z',
  '2031-01-01T00:00:00.000Z',
];
const CATEGORIES = ['Certificate', 'Template', 'AuthorizationFailure', 'FromTheFuture'];
const EVENTS = ['AUTHZ', 'AUTH', 'CERT_REQUEST_PROCESSED'];
const now = new Date('2026-03-16T09:00:00.000Z');
const me = 'EX\\jorg';

const name = fc.constantFrom(...NAMES);
const some = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(of, { nil: undefined });
const object = fc.record(
  { type: fc.constantFrom('certificate', 'user'), id: name, name },
  { requiredKeys: ['type', 'id'] },
);
const model = fc.record({
  a: fc.nat(1),
  b: fc.record({ c: name, d: fc.constant([1, 'deep words']) }),
});

const content: fc.Arbitrary<Content> = fc
  .record({
    actor: fc.record(
      {
        id: fc.oneof(name, fc.constant(me)),
        kind: fc.constantFrom('user', 'system'),
        name,
        roles: fc.subarray(['Auditor', 'RA Officer']),
        session: fc.constantFrom('s1', 'S1', 's2'),
        authentication: fc.record({ method: fc.constantFrom('password', 'certificate') }),
      },
      { requiredKeys: ['id', 'kind'] },
    ),
    origin: some(
      fc.record(
        {
          address: fc.constantFrom('10.0.0.1', '2001:db8::1'),
          interface: fc.constantFrom('api', 'portal'),
        },
        { requiredKeys: [] },
      ),
    ),
    source: fc.record(
      { system: fc.constantFrom('ca', 'KRA'), host: name },
      { requiredKeys: ['system'] },
    ),
    target: some(object),
    related: some(fc.array(object, { maxLength: 2 })),
    request: some(
      fc.record({ route: name, type: fc.constant('API Endpoint'), verb: fc.constant('GET') }),
    ),
    authorization: some(
      fc.record({
        resource: name,
        operation: fc.constantFrom('read', 'write'),
        roles: fc.subarray(['Auditor', 'Administrator']),
      }),
    ),
    before: some(model),
    after: some(model),
    reason: some(name),
    attributes: some(fc.array(fc.tuple(fc.constant('n'), fc.option(name)), { maxLength: 3 })),
    correlation: some(fc.constantFrom('c1', 'C1', '01890a5d-ac96-774b-bcce-b302099a8057')),
  })
  .map((c) => JSON.parse(JSON.stringify(c)) as Content);

const record: fc.Arbitrary<ListedRecord> = fc
  .tuple(
    fc.record({
      time: fc.constantFrom(...TIMES),
      event: fc.constantFrom(...EVENTS),
      category: fc.constantFrom(...CATEGORIES),
      operation: fc.constantFrom('Created', 'Updated', 'Removed from Hold'),
      level: fc.constantFrom('Information', 'Warning', 'Failure'),
      outcome: fc.constantFrom('Success', 'Failure'),
      retention: fc.constantFrom('normal', 'extended'),
      producer: fc.constantFrom('p1', 'p2'),
      seq: fc.integer({ min: 1, max: 9 }),
    }),
    fc.option(content, { freq: 20 }),
  )
  .map(([envelope, c]) => ({
    envelope: { v: 1, id: '', digest: '', ...envelope } as Envelope,
    content: c,
  }));

const COUNT = 700;
const records = fc.sample(record, { numRuns: COUNT, seed: 20 }).map((r, i) => ({
  ...r,
  envelope: { ...r.envelope, id: `0190${String(i).padStart(4, '0')}-0000-7000-8000-000000000000` },
}));

const value = (type: string): fc.Arbitrary<QueryValue> => {
  switch (type) {
    case 'integer':
      return fc
        .integer({ min: -1, max: COUNT })
        .map((v): QueryValue => ({ type: 'integer', value: v === 0 ? 0 : v }));
    case 'boolean':
      return fc.boolean().map((v): QueryValue => ({ type: 'boolean', value: v }));
    case 'date':
      return fc.oneof(
        fc.constantFrom(...TIMES).map((t): QueryValue => ({ type: 'day', date: t.slice(0, 10) })),
        fc.constantFrom(...TIMES).map((t): QueryValue => ({ type: 'instant', time: t })),
        fc.constantFrom(-1, 0, 322).map((days): QueryValue => ({ type: 'today', days })),
      );
    default:
      return fc
        .oneof(
          name,
          fc.constantFrom(
            '%ME%',
            'jor',
            'web',
            'r',
            'ca',
            's1',
            'c1',
            '10.0',
            'Auditor',
            'b.c',
            'Cert',
            'p1',
            'AUTHZ',
            'password',
            '019000',
          ),
        )
        .map((text): QueryValue => ({ type: 'string', text }));
  }
};

const comparison = fc.constantFrom(...QUERY_FIELDS).chain((field) =>
  fc.constantFrom(...operatorsOf(field)).chain((operator): fc.Arbitrary<Query> => {
    const equality = operator === 'eq' || operator === 'ne';
    const pattern = /contains|with/.test(operator);
    const named = fc
      .constantFrom(...(field.values ?? [{ name: '' }]))
      .map((v): QueryValue => ({ type: 'enum', text: v.name, names: [v.name] }));
    const of = field.type === 'enum' && !pattern ? named : value(pattern ? 'string' : field.type);
    return fc
      .oneof(
        { weight: 9, arbitrary: of },
        { weight: equality ? 1 : 0, arbitrary: fc.constant<QueryValue>({ type: 'null' }) },
      )
      .filter((v) => !(pattern && v.type === 'string' && v.text === ''))
      .map((v) => ({ kind: 'compare', field: field.name, operator, value: v, position: 0 }));
  }),
);
const TEXTS = [
  'jorg',
  'strasse',
  'web1',
  'web1.example.com',
  'example web1',
  'tokyo',
  '東京',
  '京',
  'a1b2c3d',
  '0a:1b:2c:3d',
  'ff',
  'deep words',
  'words deep',
  'authorization failure',
  'request',
  'Σ',
  '1',
  'c1',
  'zurich',
  'no-such-word',
];
const text = fc
  .tuple(fc.constantFrom(...TEXTS), fc.boolean())
  .map(([t, prefix]): Query => ({ kind: 'text', text: t, prefix, position: 0 }));
const { query: anyQuery } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    text,
    fc
      .array(tie('query'), { minLength: 2, maxLength: 3 })
      .map((items): Query => ({ kind: 'and', items })),
    fc
      .array(tie('query'), { minLength: 2, maxLength: 3 })
      .map((items): Query => ({ kind: 'or', items })),
    tie('query').map((item): Query => ({ kind: 'not', item })),
  ),
}));

const dir = mkdtempSync(join(tmpdir(), 'countersign-oracle-'));
let index: LogIndex;

beforeAll(async () => {
  index = await openIndex({
    path: join(dir, 'index.db'),
    logDir: '',
    source: listSource({ records }),
  });
  index.catchUp(COUNT);
  await index.whenIndexed(COUNT);
});
afterAll(async () => {
  await index.close();
  rmSync(dir, { recursive: true });
});

function naive(query: ResolvedQuery): number[] {
  return records.flatMap((r, i) => (matchesQuery(query, { index: i, ...r }) ? [i] : []));
}

async function allPages(
  query: ResolvedQuery,
  order: 'asc' | 'desc',
  limit: number,
): Promise<number[]> {
  const found: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await index.search({
      query,
      order,
      limit,
      budgetMs: 60_000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    expect(page.partial).toBe(false);
    expect(page.indexes.length === limit || page.next === null).toBe(true);
    found.push(...page.indexes);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

it('finds, counts and charts exactly the records that match, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyQuery,
      fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
      async (tree, order) => {
        const query = resolveQuery(parseQuery(formatQuery(tree)), { now, me });
        const expected = naive(query);
        const found = await allPages(query, order, 113);
        expect(order === 'asc' ? found : found.toReversed()).toEqual(expected);
        const budgetMs = 60_000;
        expect(await index.count({ query, budgetMs })).toEqual({
          count: expected.length,
          exact: true,
        });

        const histogram = await index.histogram({ query, budgetMs });
        expect(histogram.exact).toBe(true);
        const bars = histogram.buckets.map((b) => b.Information + b.Warning + b.Failure);
        const { bucketMs, from } = histogram;
        const expectedBars = bars.map(() => 0);
        for (const i of expected) {
          const at = Math.floor(
            (Date.parse(records[i]!.envelope.time) - Date.parse(from)) / bucketMs,
          );
          expectedBars[at] = (expectedBars[at] ?? 0) + 1;
        }
        expect(bars).toEqual(expectedBars);

        const facets = await index.facets({ query, fields: ['Level', 'Address'], budgetMs });
        const count = (test: (r: ListedRecord) => string | undefined): Record<string, number> => {
          const counts: Record<string, number> = {};
          for (const i of expected) {
            const of = test(records[i]!);
            if (of !== undefined) counts[of] = (counts[of] ?? 0) + 1;
          }
          return counts;
        };
        const counted = facets.map((f) =>
          Object.fromEntries(f.values.map((v) => [v.value, v.count])),
        );
        expect(facets.every((f) => f.exact)).toBe(true);
        expect(counted).toEqual([
          count((r) => r.envelope.level),
          count((r) => r.content?.origin?.address),
        ]);
      },
    ),
    {
      numRuns: Number(process.env.ORACLE_RUNS ?? 150),
      // Shrinking asks thousands of queries more; the seed it prints is enough to go on with.
      endOnFailure: true,
    },
  );
});

it('relates records by target, object, correlation and session', async () => {
  const key = (o: { type: string; id: string }): string => `${o.type}\0${o.id}`;
  for (const i of [3, 77, 250, 400]) {
    const of = records[i]!.content;
    if (of === null) continue;
    const objects = (c: Content): string[] =>
      [...(c.target === undefined ? [] : [c.target]), ...(c.related ?? [])].map(key);
    const expected = records.flatMap((r, j) => {
      if (j === i || r.content === null) return [];
      const shares =
        objects(of).some((o) => objects(r.content!).includes(o)) ||
        (of.correlation !== undefined && of.correlation === r.content.correlation) ||
        (of.actor.session !== undefined && of.actor.session === r.content.actor.session);
      return shares ? [j] : [];
    });
    const related = await index.related(i, 500);
    const found = related.map((r) => r.index).toReversed();
    expect(found).toEqual(expected.filter((j) => j >= (found[0] ?? 0)));
  }
});

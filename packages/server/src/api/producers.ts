import { createRoute, z } from '@hono/zod-openapi';
import { LedgerError } from '@countersign/ledger';
import { fromUtf8, parseJson } from '@countersign/tlog';
import {
  parseRecordDraft,
  RecordError,
  type CompleteDraft,
  type RecordFault,
} from '@countersign/records';
import { needs, type Rule } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { decidedOn, ruled } from '../http/declare.ts';
import { insertProducer } from '../producers/producers.ts';
import { securityChanged } from '../recording/events.ts';
import { sessionActor } from '../recording/facts.ts';
import { signedIn, type Api } from './api.ts';
import { refusals } from './schemas.ts';

/** Records in one request. */
export const MAX_RECORDS = 1_000;
/** Faults told at once. */
const MAX_FAULTS = 50;

const NameParam = z.object({
  name: z.string().openapi({ param: { name: 'name', in: 'path' }, example: 'ca1' }),
});

const Draft = z
  .object({
    seq: z.int().min(1).openapi({ description: '1, 2, 3 … without gaps.' }),
    time: z.string(),
    event: z.string(),
    outcome: z.enum(['Success', 'Failure']),
    category: z.string().optional(),
    operation: z.string().optional(),
    level: z.enum(['Information', 'Warning', 'Failure']).optional(),
    retention: z.enum(['normal', 'extended']).optional(),
    content: z.record(z.string(), z.unknown()).openapi({ description: 'See the schema Content.' }),
  })
  .openapi('RecordDraft');

const Batch = z.object({ records: z.array(Draft).min(1).max(MAX_RECORDS) }).openapi('RecordBatch');

const AppendedBatch = z
  .object({
    appended: z.array(z.object({ seq: z.int(), index: z.int(), duplicate: z.boolean() })),
    nextSeq: z.int(),
    treeSize: z.int(),
  })
  .openapi('AppendedBatch');

const ProducerState = z
  .object({ name: z.string(), nextSeq: z.int(), lastSeq: z.int(), lastIndex: z.int().nullable() })
  .openapi('ProducerState');

const security = [{ producerToken: [] }];

const appendRoute = createRoute({
  method: 'post',
  path: '/api/v1/producers/{name}/records',
  operationId: 'appendRecords',
  summary: 'Append records',
  description:
    'All or none, durable when the answer comes. Sending the same numbers again is answered with the indexes the ' +
    'records have; a gap is refused with the number expected.',
  tags: ['Producers'],
  security,
  request: {
    params: NameParam,
    body: { content: { 'application/json': { schema: Batch } }, required: true },
  },
  responses: {
    200: { description: 'Appended.', content: { 'application/json': { schema: AppendedBatch } } },
    ...refusals(400, 401, 403, 409, 413, 415, 422, 503),
  },
});

const stateRoute = createRoute({
  method: 'get',
  path: '/api/v1/producers/{name}',
  operationId: 'readProducer',
  summary: 'The number a producer goes on with',
  tags: ['Producers'],
  security,
  request: { params: NameParam },
  responses: {
    200: { description: 'Its state.', content: { 'application/json': { schema: ProducerState } } },
    ...refusals(401, 403, 503),
  },
});

const NewProducer = z.strictObject({ name: z.string().min(1).max(64) }).openapi('NewProducer');
const CreatedProducer = z
  .object({
    name: z.string(),
    token: z.string().openapi({ description: 'Shown once; only its hash is kept.' }),
  })
  .openapi('CreatedProducer');

const createRoute_ = createRoute({
  method: 'post',
  path: '/api/v1/producers',
  operationId: 'createProducer',
  summary: 'Admit a producer',
  tags: ['Producers'],
  request: { body: { content: { 'application/json': { schema: NewProducer } }, required: true } },
  responses: {
    201: { description: 'Admitted.', content: { 'application/json': { schema: CreatedProducer } } },
    ...refusals(400, 401, 403, 409, 415, 422, 503),
  },
});

const APPEND: Rule = {
  kind: 'producer',
  right: { resource: 'certServer.log.producers', operation: 'append' },
};
const READ_OWN: Rule = {
  kind: 'producer',
  right: { resource: 'certServer.log.producers', operation: 'read' },
};

/** Appending records from outside, and admitting those who may. */
export function producerRoutes({ app, routes, platform }: Api): void {
  // Bodies of up to 16 MiB are checked by the one parser of records, which names every fault by its path;
  // the schema above is their documentation.
  const path = appendRoute.path.replace('{name}', ':name');
  app.openAPIRegistry.registerPath(appendRoute);
  routes.add({ method: 'POST', pattern: appendRoute.path, type: 'API Endpoint', rule: APPEND });
  app.post(path, decidedOn('POST', appendRoute.path), async (c) => {
    const producer = c.get('producer') ?? '';
    const drafts = parseBatch(new Uint8Array(await c.req.arrayBuffer()));
    const appended = await platform.log.append(producer, drafts).catch(async (error: unknown) => {
      if (error instanceof LedgerError && error.code === 'sequence_gap') {
        const { expected = 0, got = 0 } = error;
        await platform.refusals.recordGap({ producer, expected, got, facts: c.get('facts') });
      }
      throw error;
    });
    return c.json(
      {
        appended: appended.map(({ seq, index, duplicate }) => ({ seq, index, duplicate })),
        nextSeq: platform.log.nextSeq(producer),
        treeSize: platform.log.size,
      } satisfies z.infer<typeof AppendedBatch>,
      200,
    );
  });

  app.openapi(ruled(routes, stateRoute, READ_OWN), (c) => {
    const name = c.get('producer') ?? '';
    const known = platform.log.status().producers.find((producer) => producer.name === name);
    const nextSeq = platform.log.nextSeq(name);
    return c.json(
      { name, nextSeq, lastSeq: nextSeq - 1, lastIndex: known?.lastIndex ?? null },
      200,
    );
  });

  app.openapi(
    ruled(routes, createRoute_, needs('certServer.log.producers', 'create')),
    async (c) => {
      const { name } = c.req.valid('json');
      const session = signedIn(c);
      const { result: token } = await platform.recorder.audited(async (tx) => {
        const createdBy = session.user.username;
        const made = await insertProducer(tx.db, { name, createdBy, now: platform.clock() });
        tx.record(
          securityChanged({
            event: 'PRODUCER_CREATED',
            actor: sessionActor(session),
            facts: c.get('facts'),
            target: { type: 'producer', id: name },
            after: { name, createdBy },
          }),
        );
        return made;
      });
      platform.producers.learn(name, token);
      return c.json({ name, token }, 201);
    },
  );
}

/** Reads a batch; throws with every fault of every record, by its place. */
function parseBatch(bytes: Uint8Array): CompleteDraft[] {
  const body = parseBody(bytes);
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !('records' in body)) {
    throw invalid([{ path: '$', expected: 'an object with "records"', got: kindOf(body) }]);
  }
  const extra = Object.keys(body).filter((key) => key !== 'records');
  if (extra.length > 0)
    throw invalid([{ path: `$.${extra[0]}`, expected: 'no such field', got: 'a value' }]);
  const { records } = body;
  if (!Array.isArray(records))
    throw invalid([{ path: '$.records', expected: 'an array', got: kindOf(records) }]);
  if (records.length === 0 || records.length > MAX_RECORDS) {
    const got = `${records.length} records`;
    throw invalid([{ path: '$.records', expected: `1 to ${MAX_RECORDS} records`, got }]);
  }
  const drafts: CompleteDraft[] = [];
  const faults: RecordFault[] = [];
  let code: RecordError['code'] = 'record_invalid';
  for (const [i, record] of records.entries()) {
    try {
      drafts.push(withoutId(parseRecordDraft(record, `$.records[${i}]`), `$.records[${i}]`));
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      code = error.code;
      faults.push(...error.faults);
      if (faults.length >= MAX_FAULTS) break;
    }
  }
  if (faults.length > 0) throw new RecordError(code, faults.slice(0, MAX_FAULTS));
  return drafts;
}

/** The time in a record's id is when the log took it in: nobody outside may say when that was. */
function withoutId(draft: CompleteDraft, path: string): CompleteDraft {
  if (draft.id === undefined) return draft;
  throw invalid([
    { path: `${path}.id`, expected: 'no id, since the log gives it', got: `"${draft.id}"` },
  ]);
}

function parseBody(bytes: Uint8Array): unknown {
  try {
    // Strict: a byte that is no UTF-8 would become another character, and the record another record.
    return parseJson(fromUtf8(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ServerError('malformed_json', `body: ${why}`, { cause: error });
  }
}

function invalid(faults: RecordFault[]): RecordError {
  return new RecordError('record_invalid', faults);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

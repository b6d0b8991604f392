import { z } from '@hono/zod-openapi';

/** The shapes of the API: what validates requests and what `/openapi.json` is made of. */

export const Problem = z
  .object({
    type: z.string().openapi({ example: 'urn:countersign:problem:access_denied' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z
      .string()
      .openapi({ description: 'Stable; what a program decides by.', example: 'access_denied' }),
    requestId: z.string(),
    errors: z
      .array(z.object({ field: z.string(), expected: z.string(), got: z.string() }))
      .optional()
      .openapi({ description: 'Every faulty field at once.' }),
  })
  .loose()
  .openapi('Problem');

export const Envelope = z
  .object({
    v: z.literal(1),
    id: z.string().openapi({ description: 'UUIDv7.' }),
    producer: z.string(),
    seq: z.int(),
    time: z.string().openapi({ example: '2026-11-22T05:00:00.000Z' }),
    event: z.string().openapi({ example: 'AUTHZ' }),
    category: z.string().openapi({ example: 'AuthorizationFailure' }),
    operation: z.string().openapi({ example: 'Encountered' }),
    level: z.enum(['Information', 'Warning', 'Failure']),
    outcome: z.enum(['Success', 'Failure']),
    retention: z.enum(['normal', 'extended']),
    digest: z.string().openapi({ description: 'Base64 of SHA-256(salt || content bytes).' }),
  })
  .openapi('Envelope', {
    description: 'The public part of a record: the leaf of the Merkle tree.',
  });

const ObjectRef = z
  .object({
    type: z.string(),
    id: z.string(),
    name: z.string().optional(),
    relation: z.string().optional(),
  })
  .openapi('ObjectRef');

const Json = z.record(z.string(), z.unknown());

export const Content = z
  .object({
    actor: z.object({
      id: z.string(),
      name: z.string().optional(),
      kind: z.enum(['user', 'service', 'system', 'unknown']),
      roles: z.array(z.string()).optional(),
      authentication: z
        .object({ method: z.string(), credential: z.string().optional() })
        .optional(),
      session: z.string().optional(),
    }),
    origin: z
      .object({
        address: z.string().optional(),
        interface: z.enum(['portal', 'api', 'cli', 'timer', 'collector', 'console']).optional(),
        userAgent: z.string().optional(),
      })
      .optional(),
    source: z.object({
      system: z.string(),
      host: z.string().optional(),
      component: z.string().optional(),
      version: z.string().optional(),
    }),
    target: ObjectRef.optional(),
    related: z.array(ObjectRef).optional(),
    request: z
      .object({
        id: z.string().optional(),
        route: z.string(),
        type: z.enum(['API Endpoint', 'Portal Page']),
        verb: z.string(),
      })
      .optional(),
    authorization: z
      .object({ resource: z.string(), operation: z.string(), roles: z.array(z.string()) })
      .optional(),
    before: Json.optional(),
    after: Json.optional(),
    reason: z.string().optional(),
    attributes: z
      .array(z.tuple([z.string(), z.string().nullable()]))
      .optional()
      .openapi({ description: 'Name and value, in order; a name may come more than once.' }),
    correlation: z.string().optional(),
    original: z
      .object({
        format: z.literal('dogtag'),
        text: z.string(),
        file: z.string(),
        line: z.int(),
        event: z.string().optional(),
        thread: z.string().optional(),
        signature: z.enum(['valid', 'invalid', 'unsigned']),
        signer: z.string().optional(),
        ambiguous: z.string().optional(),
        redacted: z.array(z.string()).optional(),
      })
      .optional(),
  })
  .openapi('Content', {
    description: 'The private part of a record, bound to its envelope by the digest.',
  });

export const StoredRecord = z
  .object({
    index: z.int(),
    envelope: Envelope,
    content: Content.nullable().openapi({ description: 'Null when it was erased.' }),
    sentence: z.string(),
    leafHash: z.string().openapi({ description: 'Hex of SHA-256(0x00 || envelope bytes).' }),
  })
  .openapi('Record');

export const RecordDetails = StoredRecord.extend({
  salt: z
    .string()
    .nullable()
    .openapi({ description: 'Base64, 16 bytes; null when the content was erased.' }),
  contentBytes: z
    .string()
    .nullable()
    .openapi({ description: 'Base64 of the exact bytes; null when erased.' }),
  envelopeBytes: z.string().openapi({ description: 'Base64 of the exact bytes.' }),
  related: z.array(
    StoredRecord.extend({
      relation: z.string().openapi({ description: 'The strongest of the relations.' }),
      relations: z.array(z.enum(['target', 'object', 'correlation', 'session'])),
    }),
  ),
  dogtagLine: z
    .string()
    .nullable()
    .openapi({ description: 'The record as a line of a Dogtag audit file.' }),
}).openapi('RecordDetails');

export const User = z
  .object({ username: z.string(), name: z.string(), roles: z.array(z.string()) })
  .openapi('User');

export const SessionInfo = z
  .object({
    user: User,
    navigation: z
      .array(z.string())
      .openapi({ description: 'Pages of the portal this user may open.' }),
    rights: z.array(z.string()).openapi({
      description: 'Rights this user holds on the resources of the product, `resource:operation`.',
    }),
    logKey: z.string().openapi({ description: "The log's verifier key." }),
    origin: z.string().openapi({ description: "The log's origin." }),
    passwordGenerated: z
      .boolean()
      .openapi({ description: 'The password is still the one printed at the first start.' }),
    expiringSoonDays: z
      .int()
      .openapi({ description: 'Certificates that expire within so many days are said to, soon.' }),
  })
  .openapi('Session');

export const Health = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing']),
    treeSize: z.int(),
    indexedSize: z.int(),
  })
  .openapi('Health');

export const Facet = z
  .object({
    field: z.string(),
    values: z.array(z.object({ value: z.string(), label: z.string(), count: z.int() })),
    exact: z.boolean(),
  })
  .openapi('Facet');

export const Histogram = z
  .object({
    from: z.string(),
    to: z.string(),
    bucketMs: z.int(),
    exact: z.boolean(),
    buckets: z.array(
      z.object({ time: z.string(), Information: z.int(), Warning: z.int(), Failure: z.int() }),
    ),
  })
  .openapi('Histogram');

/** A record's index in a path: one spelling, no sign, no leading zeros. */
export const IndexParam = z.object({
  index: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,15})$/, 'a record index: a whole number from 0')
    .openapi({ param: { name: 'index', in: 'path' }, example: '17' }),
});

export const QueryText = z.string().max(8192).optional().openapi({
  description: 'The query language; empty: everything.',
  example: 'Level -eq "Warning"',
});

/** The refusals every route can answer with, for its documentation. */
export function refusals(
  ...statuses: (400 | 401 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 503)[]
) {
  const content = { 'application/problem+json': { schema: Problem } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: REFUSALS[status], content }]),
  );
}

const REFUSALS = {
  400: 'A parameter is faulty.',
  401: 'Not signed in, or the session or token is not valid.',
  403: 'The right is missing; the attempt was recorded.',
  404: 'There is no such thing.',
  409: 'The request does not fit the state.',
  410: 'The content was erased.',
  413: 'The body is too large.',
  415: 'The body has the wrong type.',
  422: 'The body has faulty fields.',
  429: 'Too many requests in a minute.',
  503: 'The log cannot take records, so nothing that must be recorded is done.',
} as const;

import { parseCanonical } from '@countersign/tlog';
import { RecordError } from './error.ts';
import type { RecordErrorCode, RecordFault } from './error.ts';
import * as limits from './limits.ts';
import {
  ACTOR_KINDS,
  INTERFACES,
  OUTCOMES,
  REQUEST_TYPES,
  RETENTION_CLASSES,
  SIGNATURE_VERDICTS,
} from './record.ts';
import type { CompleteDraft, Content, Envelope, RecordDraft } from './record.ts';
import {
  arrayOf,
  exactly,
  Faults,
  integer,
  jsonObject,
  nullOr,
  object,
  oneOf,
  spelled,
  text,
  tuple,
} from './shape.ts';
import type { Check } from './shape.ts';
import * as spelling from './spelling.ts';
import { CATEGORIES } from './catalogue/categories.ts';
import { LEVEL_NAMES } from './catalogue/levels.ts';
import { OPERATIONS } from './catalogue/operations.ts';
import { classify } from './catalogue/index.ts';
import { findSecretInContent, mayHoldSecret } from './secrets.ts';

const name = text(limits.MAX_NAME_CHARS);
const line = text(limits.MAX_TEXT_CHARS);
/** An identity may be empty: a login without a name is recorded as it was tried. */
const identity = text(limits.MAX_TEXT_CHARS, 0);
const value = text(limits.MAX_VALUE_CHARS, 0);
const roles = arrayOf(name, limits.MAX_ROLES);
const objectRef = object({ type: name, id: identity }, { name: identity, relation: name });
const model = jsonObject(limits.MAX_DEPTH);

const content = object(
  {
    actor: object(
      { id: identity, kind: oneOf(ACTOR_KINDS) },
      {
        name: identity,
        roles,
        authentication: object({ method: name }, { credential: line }),
        session: name,
      },
    ),
    source: object({ system: name }, { host: name, component: name, version: name }),
  },
  {
    origin: object({}, { address: name, interface: oneOf(INTERFACES), userAgent: identity }),
    target: objectRef,
    related: arrayOf(objectRef, limits.MAX_RELATED),
    request: object({ route: line, type: oneOf(REQUEST_TYPES), verb: name }, { id: name }),
    authorization: object({ resource: identity, operation: identity, roles }),
    before: model,
    after: model,
    reason: value,
    attributes: arrayOf(tuple(name, nullOr(value)), limits.MAX_ATTRIBUTES),
    correlation: name,
    original: object(
      {
        format: oneOf(['dogtag']),
        text: value,
        file: line,
        line: integer(1),
        signature: oneOf(SIGNATURE_VERDICTS),
      },
      {
        event: line,
        thread: identity,
        signer: line,
        ambiguous: line,
        redacted: arrayOf(line, limits.MAX_ATTRIBUTES),
      },
    ),
  },
);

const seq = integer(1);
const id = spelled('a UUIDv7 in lower case', spelling.isUuidV7);
const time = spelled('a UTC time as 2026-11-22T05:00:00.000Z', spelling.isTime);
const event = spelled(
  'an event name of capitals, digits and "_", 64 at most, starting with a letter',
  spelling.isEventName,
);
const outcome = oneOf(OUTCOMES);
const level = oneOf(LEVEL_NAMES);
const retention = oneOf(RETENTION_CLASSES);

const draft = object(
  { seq, time, event, outcome, content },
  {
    id,
    category: oneOf(CATEGORIES.map((c) => c.name)),
    operation: oneOf(OPERATIONS.map((o) => o.name)),
    level,
    retention,
  },
);

/** Names are checked by spelling only: the catalogue of a newer writer may hold more than ours. */
const envelope = object({
  v: exactly(1),
  id,
  producer: spelled(
    'a producer name of lower-case letters, digits, ".", "_" and "-", 64 at most',
    spelling.isProducerName,
  ),
  seq,
  time,
  event,
  category: spelled('a category name', spelling.isCategoryName),
  operation: spelled('an operation name', spelling.isOperationName),
  level,
  outcome,
  retention,
  digest: spelled('base64 of 32 bytes', spelling.isDigest),
});

/**
 * Checks what a producer sent and fills in what the catalogue knows about the event. `path` is where
 * the draft stands in its document, e.g. `$.records[3]`. Throws {@link RecordError} with every fault:
 * `record_contains_secret` when secrets are all that is wrong, else `record_invalid`.
 */
export function parseRecordDraft(value: unknown, path = '$'): CompleteDraft {
  const faults = new Faults();
  draft(value, path, faults);
  if (faults.list.length > 0) throw new RecordError('record_invalid', faults.list);
  const given = value as RecordDraft;
  const complete = complement(given, path, faults);
  if (faults.list.length > 0) throw new RecordError('record_invalid', faults.list);
  const secret = mayHoldSecret(given.content, JSON.stringify(given.content))
    ? findSecretInContent(given.content)
    : null;
  if (secret !== null) {
    throw new RecordError('record_contains_secret', [
      { path: `${path}.content${secret.path.slice(1)}`, expected: 'no secret', got: secret.kind },
    ]);
  }
  return complete;
}

function complement(given: RecordDraft, path: string, faults: Faults): CompleteDraft {
  const known = classify(given.event, given.outcome, given.content.attributes);
  if (known?.retention === 'extended' && given.retention === 'normal') {
    faults.add(`${path}.retention`, '"extended", as the catalogue has it', '"normal"');
  }
  const least = known === undefined ? 0 : LEVEL_NAMES.indexOf(known.level);
  if (given.level !== undefined && LEVEL_NAMES.indexOf(given.level) < least) {
    const expected = LEVEL_NAMES.slice(least)
      .map((l) => `"${l}"`)
      .join(' or ');
    faults.add(`${path}.level`, `${expected}, as the catalogue has it`, `"${given.level}"`);
  }
  const required = (field: 'category' | 'operation' | 'level' | 'retention'): string => {
    const value = given[field] ?? known?.[field];
    if (value !== undefined) return value;
    faults.add(`${path}.${field}`, `a ${field}, since ${given.event} is not catalogued`, 'nothing');
    return '';
  };
  return {
    ...given,
    category: required('category'),
    operation: required('operation'),
    level: required('level') as CompleteDraft['level'],
    retention: required('retention') as CompleteDraft['retention'],
  };
}

/** Everything wrong with the values of an envelope to be, for an error's sake. */
export function envelopeFaults(value: Readonly<Record<string, unknown>>): readonly RecordFault[] {
  const faults = new Faults();
  envelope({ v: 1, digest: 'A'.repeat(43) + '=', ...value }, '$', faults);
  return faults.list;
}

/**
 * Reads an envelope from the bytes of a log entry. Accepts nothing but its canonical spelling.
 * Throws {@link RecordError} `envelope_malformed`.
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  return parse(bytes, limits.MAX_ENVELOPE_BYTES, envelope, 'envelope_malformed') as Envelope;
}

/** Reads a content from its stored bytes; as strict as {@link parseEnvelope}. */
export function parseContent(bytes: Uint8Array): Content {
  return parse(bytes, limits.MAX_CONTENT_BYTES, content, 'content_malformed') as Content;
}

function parse(bytes: Uint8Array, max: number, check: Check, code: RecordErrorCode): unknown {
  const faults = new Faults();
  if (bytes.length > max) {
    faults.add('$', `at most ${max} bytes`, `${bytes.length} bytes`);
    throw new RecordError(code, faults.list);
  }
  let value: unknown;
  try {
    value = parseCanonical(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RecordError(
      code,
      [{ path: '$', expected: 'canonical JSON', got: `what fails with: ${reason}` }],
      cause,
    );
  }
  check(value, '$', faults);
  if (faults.list.length > 0) throw new RecordError(code, faults.list);
  return value;
}

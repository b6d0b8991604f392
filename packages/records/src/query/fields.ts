/** The fields a query about records may name: one table for the parser, the search, completion and the docs. */
import { CATEGORIES } from '../catalogue/categories.ts';
import { LEVELS } from '../catalogue/levels.ts';
import { OPERATIONS } from '../catalogue/operations.ts';
import {
  ACTOR_KINDS,
  INTERFACES,
  OUTCOMES,
  REQUEST_TYPES,
  RETENTION_CLASSES,
  SIGNATURE_VERDICTS,
} from '../record.ts';
import { fieldTable } from './field.ts';
import type { FieldTable, FieldValue, QueryField } from './field.ts';

const plain = (names: readonly string[]): FieldValue[] =>
  names.map((name) => ({ name, label: name }));

function text(name: string, aliases: readonly string[], description: string): QueryField {
  return { name, aliases, type: 'string', description };
}

function vocabulary(
  name: string,
  aliases: readonly string[],
  description: string,
  values: readonly FieldValue[],
  more: { open?: boolean; ordered?: boolean } = {},
): QueryField {
  return { name, aliases, type: 'enum', description, values, ...more };
}

export const QUERY_FIELDS: readonly QueryField[] = [
  { name: 'Timestamp', aliases: ['Time'], type: 'date', description: 'When it happened, UTC.' },
  { ...text('ActingUser', ['User', 'Actor'], 'Who did it: the id or the name.'), people: true },
  vocabulary(
    'Category',
    ['EntityType'],
    'What kind of thing it is about: subcategory name, display name or code.',
    CATEGORIES.map((c) => ({ name: c.name, label: c.display, code: c.code })),
    { open: true },
  ),
  vocabulary(
    'Operation',
    [],
    'What was done.',
    OPERATIONS.map((o) => ({ name: o.name, label: o.name, code: o.code })),
    { open: true },
  ),
  vocabulary(
    'Level',
    [],
    'How serious it is.',
    LEVELS.map((l) => ({ name: l.name, label: l.name, code: l.code })),
    { ordered: true },
  ),
  vocabulary('Outcome', [], 'Whether it succeeded.', plain(OUTCOMES)),
  text('Event', ['EventType'], 'The event, by its name in the catalogue or in the original line.'),
  text('Name', ['AuditIdentifier'], 'Name of the thing acted on; its id where it has no name.'),
  text('ImmutableIdentifier', ['TargetId'], 'Id of the thing acted on.'),
  text('TargetType', [], 'Type of the thing acted on.'),
  text('Target', [], 'Id or name of the thing acted on.'),
  text('Related', [], 'Id or name of anything else the record names.'),
  text(
    'Property',
    [],
    'A property that differs before and after the change, e.g. KeyRetentionDays; Any for all.',
  ),
  text('Role', ['Roles'], 'A role the actor held.'),
  vocabulary('ActorKind', [], 'What the actor is.', plain(ACTOR_KINDS)),
  text('AuthMethod', [], 'How the actor signed in.'),
  text('Credential', [], 'Fingerprint or name of the credential used.'),
  text('Session', [], 'The session it happened in.'),
  text('Address', ['ClientIP', 'IP'], 'Network address it came from.'),
  vocabulary('Interface', [], 'The way in.', plain(INTERFACES)),
  text('UserAgent', [], 'The program that asked, by its own account.'),
  text('Resource', [], 'The resource access to which was decided.'),
  text('Op', [], 'The operation on the resource that was decided.'),
  text('Route', [], 'The route asked for.'),
  vocabulary('RequestType', [], 'Portal page or API endpoint.', plain(REQUEST_TYPES)),
  text('Verb', ['HttpVerb'], 'The HTTP verb of the request.'),
  text('RequestId', [], 'The request that caused it.'),
  text('Correlation', ['CorrelationId'], 'What records of one undertaking share.'),
  text('Reason', [], 'The reason given.'),
  text('Attribute', [], 'Value of any event-specific attribute.'),
  text('Producer', [], 'Who numbered the record.'),
  {
    name: 'Seq',
    aliases: ['SequenceNumber'],
    type: 'integer',
    description: "The record's number at its producer.",
  },
  {
    name: 'Index',
    aliases: ['Id'],
    type: 'integer',
    description: "The record's place in the log, from 0.",
  },
  text('RecordId', ['Uuid'], "The record's UUID."),
  text('System', ['Source'], 'The system it happened in.'),
  text('Host', [], 'The host it happened on.'),
  text('Component', [], 'The part of the system it happened in.'),
  vocabulary('Retention', [], 'How long it is kept.', plain(RETENTION_CLASSES)),
  {
    name: 'Imported',
    aliases: [],
    type: 'boolean',
    description: 'Whether it was read from an older log.',
  },
  text('File', [], 'The file it was imported from.'),
  vocabulary(
    'Signature',
    [],
    'Verdict on the signature over the imported line.',
    plain(SIGNATURE_VERDICTS),
  ),
];

/** The fields of records, to look up. */
export const RECORD_FIELDS: FieldTable = fieldTable(QUERY_FIELDS);

/** The field of records of that name or alias, in any case. */
export function findField(name: string): QueryField | undefined {
  return RECORD_FIELDS.find(name);
}

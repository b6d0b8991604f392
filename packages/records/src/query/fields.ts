/** The fields a query may name: one table for the parser, the search, completion and the docs. */
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
import { fold } from './fold.ts';
import type { Operator } from './tree.ts';

export type FieldType = 'string' | 'enum' | 'integer' | 'date' | 'boolean';

/** One value of an enum field. */
export interface FieldValue {
  /** As the record has it. */
  readonly name: string;
  /** As people read it; accepted as well. */
  readonly label: string;
  /** Keyfactor's number; accepted as well. */
  readonly code?: number;
}

export interface QueryField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: FieldType;
  readonly description: string;
  /** An enum's vocabulary, in order. */
  readonly values?: readonly FieldValue[];
  /** The vocabulary may be larger in records of other versions: unknown names are no fault. */
  readonly open?: boolean;
  /** The vocabulary has an order: -lt, -le, -gt and -ge compare places in it. */
  readonly ordered?: boolean;
}

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
  text('ActingUser', ['User', 'Actor'], 'Who did it: the id or the name.'),
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

const BY_NAME: ReadonlyMap<string, QueryField> = new Map(
  QUERY_FIELDS.flatMap((f) => [f.name, ...f.aliases].map((n) => [n.toLowerCase(), f] as const)),
);

/** The field of that name or alias, in any case. */
export function findField(name: string): QueryField | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The field with that canonical name, which must exist. */
export function fieldNamed(name: string): QueryField {
  const field = BY_NAME.get(name.toLowerCase());
  if (field === undefined || field.name !== name)
    throw new RangeError(`expected the name of a query field, got "${name}"`);
  return field;
}

const EQUALITY: readonly Operator[] = ['eq', 'ne'];
const ORDER: readonly Operator[] = ['lt', 'le', 'gt', 'ge'];
const PATTERN: readonly Operator[] = ['contains', 'notcontains', 'startswith', 'endswith'];

/** What may be asked of a field. */
export function operatorsOf(field: QueryField): readonly Operator[] {
  switch (field.type) {
    case 'string':
      return [...EQUALITY, ...PATTERN];
    case 'enum':
      return field.ordered === true
        ? [...EQUALITY, ...ORDER, ...PATTERN]
        : [...EQUALITY, ...PATTERN];
    case 'integer':
    case 'date':
      return [...EQUALITY, ...ORDER];
    case 'boolean':
      return EQUALITY;
  }
}

/** The names a value stands for: by name, else by display name, else by code; none if unknown. */
export function enumNames(field: QueryField, value: string): string[] {
  const wanted = fold(value.trim());
  const values = field.values ?? [];
  const pick = (test: (v: FieldValue) => boolean): string[] =>
    values.filter(test).map((v) => v.name);
  const byName = pick((v) => fold(v.name) === wanted);
  if (byName.length > 0) return byName;
  const byLabel = pick((v) => fold(v.label) === wanted);
  if (byLabel.length > 0) return byLabel;
  return /^\d{1,9}$/.test(wanted) ? pick((v) => v.code === Number(wanted)) : [];
}

/** The nearest of the names, if one is near enough to have been meant. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const given = fold(word).slice(0, 64);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(given, fold(name));
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

/** The canonical name of the field nearest to a word. */
export function nearestField(word: string): string | undefined {
  const near = nearest(
    word,
    QUERY_FIELDS.flatMap((f) => [f.name, ...f.aliases]),
  );
  return near === undefined ? undefined : findField(near)?.name;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

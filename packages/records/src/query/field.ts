/** What a field of a query is, and tables of fields: the language is one, what it is asked of are several. */
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
  /** Its values are people: `%ME%` fits. */
  readonly people?: boolean;
}

/** The fields that queries about one kind of thing may name. */
export interface FieldTable {
  readonly fields: readonly QueryField[];
  /** The field of that name or alias, in any case. */
  find(name: string): QueryField | undefined;
  /** The field with that canonical name, which must exist. */
  named(name: string): QueryField;
  /** The canonical name of the field nearest to a word. */
  nearest(word: string): string | undefined;
}

/** A table of fields. Where two go by one name, it is that of the first. */
export function fieldTable(fields: readonly QueryField[]): FieldTable {
  const byName = new Map<string, QueryField>();
  for (const field of fields)
    for (const name of [field.name, ...field.aliases])
      if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), field);
  const find = (name: string) => byName.get(name.toLowerCase());
  const names = fields.flatMap((f) => [f.name, ...f.aliases]);
  return {
    fields,
    find,
    named(name) {
      const field = find(name);
      if (field === undefined || field.name !== name)
        throw new RangeError(`expected the name of a query field, got "${name}"`);
      return field;
    },
    nearest(word) {
      const near = nearest(word, names);
      return near === undefined ? undefined : find(near)?.name;
    },
  };
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

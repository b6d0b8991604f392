/** What could stand where the cursor is: for the query bar. */
import { operatorsOf } from './field.ts';
import type { FieldTable, QueryField } from './field.ts';
import { RECORD_FIELDS } from './fields.ts';
import { fold } from './fold.ts';
import { quote, tokenize } from './lexer.ts';
import type { Token } from './lexer.ts';

export interface Suggestion {
  readonly kind: 'field' | 'operator' | 'value' | 'connective';
  /** What to put in place of the text from `from` to `to`. */
  readonly insert: string;
  readonly label: string;
  readonly detail?: string;
}

export interface Completion {
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const DATES: readonly (readonly [string, string])[] = [
  ['%TODAY%', 'today'],
  ['%TODAY-1%', 'yesterday'],
  ['%TODAY-7%', 'a week ago'],
  ['%TODAY-30%', 'thirty days ago'],
];
const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is less than',
  le: 'is at most',
  gt: 'is more than',
  ge: 'is at least',
  contains: 'contains',
  notcontains: 'does not contain',
  startswith: 'starts with',
  endswith: 'ends with',
};
const MAX_SUGGESTIONS = 50;

/**
 * Suggests fields, operators, values and connectives for the piece of text the cursor stands at the
 * end of. `known` may bring values for fields without a vocabulary, e.g. from facets.
 */
export function completeQuery(
  text: string,
  cursor: number,
  known: (field: string) => readonly string[] = () => [],
  table: FieldTable = RECORD_FIELDS,
): Completion {
  const tokens = tokenize(text.slice(0, cursor), table);
  const last = tokens.at(-1);
  const touching =
    last !== undefined && last.end === cursor && !(last.kind === 'quoted' && last.closed);
  const typed =
    touching && last.kind !== 'open' && last.kind !== 'close' && last.kind !== 'label'
      ? last
      : undefined;
  const before = typed === undefined ? last : tokens.at(-2);
  const fieldBefore = fieldOf(
    table,
    tokens,
    typed === undefined ? tokens.length - 1 : tokens.length - 2,
  );
  const from = typed?.start ?? cursor;
  const prefix = typed === undefined ? '' : spelled(typed, text);

  if (before?.kind === 'operator' || (before?.kind === 'label' && before.end === from)) {
    return {
      from,
      to: cursor,
      suggestions: fieldBefore === undefined ? [] : values(fieldBefore, prefix, known),
    };
  }
  if (
    fieldBefore !== undefined &&
    (typed === undefined || before?.kind === 'minus' || prefix === '-')
  ) {
    return {
      from: minusBefore(typed, before, from),
      to: cursor,
      suggestions: operators(fieldBefore, prefix),
    };
  }
  const fields = fieldSuggestions(table, prefix);
  return {
    from,
    to: cursor,
    suggestions: endsTerm(before) ? [...connectives(prefix), ...fields] : fields,
  };
}

/** The field a token stands right after: `Name |`, `Name -eq |`, `Name:|`, `Name -|`. */
function fieldOf(table: FieldTable, tokens: readonly Token[], at: number): QueryField | undefined {
  const token = tokens[at];
  if (token?.kind === 'label') return table.find(token.name);
  const name = token?.kind === 'operator' || token?.kind === 'minus' ? tokens[at - 1] : token;
  return name?.kind === 'bare' && tokens[tokens.indexOf(name) - 1]?.kind !== 'operator'
    ? table.find(name.text)
    : undefined;
}

/** `Name -co|` is read as a negated word; the suggestion replaces the minus too. */
function minusBefore(typed: Token | undefined, before: Token | undefined, from: number): number {
  return typed !== undefined && before?.kind === 'minus' && before.end === from
    ? before.start
    : from;
}

function spelled(token: Token, text: string): string {
  if (token.kind === 'quoted') return token.text;
  return text.slice(token.start, token.end);
}

function endsTerm(token: Token | undefined): boolean {
  return token?.kind === 'close' || token?.kind === 'quoted' || token?.kind === 'bare';
}

function fieldSuggestions(table: FieldTable, prefix: string): Suggestion[] {
  const wanted = fold(prefix);
  return table.fields
    .filter((f) => [f.name, ...f.aliases].some((n) => fold(n).startsWith(wanted)))
    .map((f): Suggestion => ({
      kind: 'field',
      insert: f.name,
      label: f.name,
      detail: f.description,
    }))
    .slice(0, MAX_SUGGESTIONS);
}

function operators(field: QueryField, prefix: string): Suggestion[] {
  return operatorsOf(field)
    .filter((o) => `-${o}`.startsWith(fold(prefix)) || o.startsWith(fold(prefix)))
    .map((o): Suggestion => ({
      kind: 'operator',
      insert: `-${o}`,
      label: `-${o}`,
      detail: OPERATOR_WORDS[o] ?? o,
    }));
}

function connectives(prefix: string): Suggestion[] {
  return ['AND', 'OR']
    .filter((word) => fold(word).startsWith(fold(prefix)))
    .map((word): Suggestion => ({ kind: 'connective', insert: word, label: word }));
}

function values(
  field: QueryField,
  prefix: string,
  known: (field: string) => readonly string[],
): Suggestion[] {
  const wanted = fold(prefix);
  const of = (name: string, label: string, detail?: string): Suggestion => {
    const insert = /^[\w.%+-]+$/.test(name) ? name : quote(name);
    return detail === undefined
      ? { kind: 'value', insert, label }
      : { kind: 'value', insert, label, detail };
  };
  const candidates: Suggestion[] = [];
  if (field.type === 'date')
    for (const [token, meaning] of DATES) candidates.push(of(token, token, meaning));
  else if (field.type === 'boolean') candidates.push(of('true', 'true'), of('false', 'false'));
  else
    for (const v of field.values ?? [])
      candidates.push(v.label === v.name ? of(v.name, v.name) : of(v.name, v.label, v.name));
  for (const name of known(field.name))
    if (!candidates.some((c) => c.insert === name)) candidates.push(of(name, name));
  if (field.people === true) candidates.push(of('%ME%', '%ME%', 'you'));
  return candidates
    .filter((c) => [c.label, c.detail ?? '', c.insert].some((t) => fold(t).includes(wanted)))
    .slice(0, MAX_SUGGESTIONS);
}

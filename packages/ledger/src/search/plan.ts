/**
 * Compiles a query for the index. SQLite's planner does not choose here: a query becomes an
 * expression over the inverted index (`match`), what is left to check on rows (`residual`), and the
 * places in the log it can be at. Where the index cannot decide, it finds candidates and the record
 * itself decides (`verify`); `match` and `residual` never leave out a record that matches.
 */
import { isNumeric, matchesString, words } from '@countersign/records';
import type { ResolvedQuery } from '@countersign/records';
import { DICTIONARY_FIELDS, SHAPE_FIELDS, WORD_KINDS, partsOf } from './dictionary.ts';
import type { Dictionaries, Kind, Parts } from './dictionary.ts';
import { hasNameTerm, objectTerm } from './row.ts';
import { TERM, idTerm, textTerm } from './term.ts';

/** A condition on `e`, a row of `entry`, with its parameters. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** `from <= x < to`. */
export interface Bounds {
  readonly from: number;
  readonly to: number;
}

export interface Plan {
  /** Expression of the full-text index; undefined for every record. */
  readonly match: string | undefined;
  /** What candidates have to fulfil besides. */
  readonly residual: Condition | undefined;
  /** The whole plan as a condition on rows, where that needs no words; undefined where it does. */
  readonly rows: Condition | undefined;
  /** Candidates must be compared with the query record by record. */
  readonly verify: boolean;
  /** Nothing can match. */
  readonly never: boolean;
  readonly time: Bounds;
  readonly index: Bounds;
  /** Set where the query asks for nothing but these shapes, `time` and no places. */
  readonly shapes: ReadonlySet<number> | undefined;
  /** Costly to begin, so that it is done in one go: the expression holds a beginning of words. */
  readonly whole: boolean;
  /** Go by the times of rows instead of their places; see `route`. */
  readonly byTime: boolean;
}

type Leaf = Extract<ResolvedQuery, { kind: 'string' | 'oneOf' | 'present' }>;

/** What one part of a query comes to. Undefined `match` and `where` hold for every record. */
interface Part {
  readonly match: string | undefined;
  /** `match` finds exactly what the part asks for. */
  readonly matchExact: boolean;
  /** The part's match is everything but this. */
  readonly minus?: string;
  readonly where: Condition | undefined;
  readonly whereExact: boolean;
  /** What remains to be checked of records that `match` found. */
  readonly residual: Condition | undefined;
}

const EVERYTHING: Part = {
  match: undefined,
  matchExact: true,
  where: undefined,
  whereExact: true,
  residual: undefined,
};
const NOTHING_SQL: Condition = { sql: '0', parameters: [] };
const NOTHING: Part = {
  match: '"~none"',
  matchExact: true,
  where: NOTHING_SQL,
  whereExact: true,
  residual: undefined,
};
/** The index cannot tell. */
const UNKNOWN: Part = {
  match: undefined,
  matchExact: false,
  where: undefined,
  whereExact: false,
  residual: undefined,
};

/** More alternatives than these are checked on rows instead. */
const MAX_ALTERNATIVES = 64;
/** For a word there is no good way of checking rows, so that more are taken. */
const MAX_WORD_ALTERNATIVES = 512;
/** Lists that are quickly merged, however long. */
const MANY_LISTS = 8;
/** One record in so many is much of the log. */
const DENSE = 20;
export const UNBOUNDED: Bounds = { from: -Infinity, to: Infinity };

/** `broad`: beginnings of words that records are to be compared for; see broad.ts. */
export function compile(
  query: ResolvedQuery,
  dictionaries: Dictionaries,
  broad: ReadonlySet<string> = new Set(),
): Plan {
  const conjuncts = query.kind === 'and' ? query.items : [query];
  let [time, index] = [UNBOUNDED, UNBOUNDED];
  const rest: ResolvedQuery[] = [];
  for (const item of conjuncts) {
    if (item.kind === 'range' && item.field === 'Timestamp') time = intersect(time, item);
    else if (item.kind === 'range' && item.field === 'Index') index = intersect(index, item);
    else rest.push(item);
  }
  const remaining: ResolvedQuery = rest.length === 1 ? rest[0]! : { kind: 'and', items: rest };
  const part = compilePart(remaining, dictionaries, broad);
  const timed = time === UNBOUNDED ? undefined : between('e.time', time);
  const bounded = both(part.residual, timed);
  const countable = index === UNBOUNDED && asksOnlyShapes(remaining);
  return {
    match: part.match,
    residual: bounded,
    rows:
      part.whereExact && part.where?.sql.includes('MATCH') !== true
        ? both(part.where, timed)
        : undefined,
    verify: !part.matchExact && !part.whereExact,
    never: part === NOTHING || time.from >= time.to || index.from >= index.to,
    time,
    index,
    shapes: countable ? new Set(shapesOf(remaining, dictionaries)) : undefined,
    whole: part.match?.includes('"*') === true,
    byTime: false,
  };
}

/** The same plan for a shorter time. */
export function within(plan: Plan, time: Bounds): Plan {
  const narrowed = intersect(plan.time, time);
  return {
    ...plan,
    time: narrowed,
    residual: both(plan.residual, between('e.time', time)),
    rows: plan.rows === undefined ? undefined : both(plan.rows, between('e.time', time)),
    never: plan.never || narrowed.from >= narrowed.to,
  };
}

function compilePart(
  query: ResolvedQuery,
  dictionaries: Dictionaries,
  broad: ReadonlySet<string>,
): Part {
  if (query.kind === 'all') return EVERYTHING;
  if (query.kind === 'none') return NOTHING;
  if (asksOnlyShapes(query)) return ofShapes(query, dictionaries);
  switch (query.kind) {
    case 'and':
    case 'or': {
      // What asks about shapes alone is decided together, once per shape.
      const shapes = query.items.filter(asksOnlyShapes);
      const others = query.items.filter((q) => !asksOnlyShapes(q));
      const parts = others.map((q) => compilePart(q, dictionaries, broad));
      if (shapes.length > 0)
        parts.push(ofShapes({ kind: query.kind, items: shapes }, dictionaries));
      return query.kind === 'and' ? and(parts) : or(parts);
    }
    case 'not':
      return not(compilePart(query.item, dictionaries, broad));
    case 'range': {
      const where = between(NUMBERS[query.field]!, intersect(UNBOUNDED, query));
      return { match: undefined, matchExact: false, where, whereExact: true, residual: where };
    }
    case 'text':
      return ofText(query.words, query.prefix, dictionaries, broad);
    case 'string':
    case 'oneOf':
    case 'present':
      return ofField(query, dictionaries);
  }
}

const NUMBERS: Readonly<Record<string, string>> = {
  Timestamp: 'e.time',
  Seq: 'e.seq',
  Index: 'e.idx',
};

function asksOnlyShapes(query: ResolvedQuery): boolean {
  switch (query.kind) {
    case 'all':
    case 'none':
      return true;
    case 'and':
    case 'or':
      return query.items.every(asksOnlyShapes);
    case 'not':
      return asksOnlyShapes(query.item);
    case 'string':
    case 'oneOf':
    case 'present':
      return query.field in SHAPE_FIELDS;
    case 'range':
    case 'text':
      return false;
  }
}

function shapesOf(query: ResolvedQuery, { shape }: Dictionaries): number[] {
  return shape.filter((parts) => shapeMatches(query, parts));
}

function shapeMatches(query: ResolvedQuery, shape: Parts): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.items.every((q) => shapeMatches(q, shape));
    case 'or':
      return query.items.some((q) => shapeMatches(q, shape));
    case 'not':
      return !shapeMatches(query.item, shape);
    case 'string':
    case 'oneOf':
    case 'present':
      return leafMatches(query, partsOf(query.field, shape));
    case 'none':
    case 'range':
    case 'text':
      return false;
  }
}

/** Whether folded values of the leaf's field fulfil it. */
function leafMatches(leaf: Leaf, values: readonly string[]): boolean {
  switch (leaf.kind) {
    case 'string':
      return values.some((v) => matchesString(leaf.match, v, leaf.value));
    case 'oneOf':
      return values.some((v) => leaf.values.includes(v));
    case 'present':
      return values.length > 0;
  }
}

/** Fields of a shape with a term of their own: where many shapes share a value, it is one list. */
const SHAPE_TERMS: Readonly<Record<string, string>> = {
  Event: TERM.event,
  Category: TERM.category,
  Level: TERM.level,
  Producer: TERM.producer,
};

function ofShapes(query: ResolvedQuery, dictionaries: Dictionaries): Part {
  const ids = shapesOf(query, dictionaries);
  if (ids.length === 0) return NOTHING;
  if (ids.length === dictionaries.shape.size) return EVERYTHING;
  if (query.kind === 'and' && ids.length > 4) {
    // Category and level and …: a short list each.
    const parts = query.items.map((q) => ofShapes(q, dictionaries)).filter((p) => p !== EVERYTHING);
    if (parts.length > 1 && parts.every((p) => p.match !== undefined && p.matchExact))
      return and(parts);
  }
  const where = among('e.shape', ids);
  const match =
    termsOfLeaf(query, dictionaries) ?? alternatives(ids.map((id) => idTerm(TERM.shape, id)));
  return {
    match,
    matchExact: match !== undefined,
    where,
    whereExact: true,
    residual: match === undefined ? where : undefined,
  };
}

function termsOfLeaf(query: ResolvedQuery, { shape }: Dictionaries): string | undefined {
  if (query.kind !== 'string' && query.kind !== 'oneOf') return undefined;
  const kind = SHAPE_TERMS[query.field];
  if (kind === undefined) return undefined;
  const values = new Set<string>();
  for (let id = 1; id <= shape.size; id++) {
    for (const value of partsOf(query.field, shape.folded(id)))
      if (leafMatches(query, [value])) values.add(value);
  }
  return alternatives([...values].map((v) => textTerm(kind, v)));
}

function ofField(leaf: Leaf, dictionaries: Dictionaries): Part {
  const dictionary = DICTIONARY_FIELDS[leaf.field];
  if (dictionary !== undefined) return ofDictionary(leaf, dictionary.kind, dictionaries);
  const columns = COLUMNS[leaf.field];
  if (columns !== undefined && leaf.kind !== 'oneOf') return ofColumns(leaf, columns, dictionaries);
  if (isNumeric(leaf.field)) return EVERYTHING;
  if (leaf.kind !== 'string' || leaf.match !== 'eq') return UNKNOWN;
  const hashed =
    leaf.field === 'Session'
      ? TERM.session
      : leaf.field === 'Correlation'
        ? TERM.correlation
        : undefined;
  // Whatever such a field holds is one of the record's own texts, and indexed word by word.
  const terms =
    hashed === undefined ? words(leaf.value).map(quoted) : [quoted(textTerm(hashed, leaf.value))];
  return terms.length === 0 ? UNKNOWN : { ...UNKNOWN, match: terms.join(' AND ') };
}

function ofDictionary(leaf: Leaf, kind: Kind, dictionaries: Dictionaries): Part {
  const ids = dictionaries[kind].filter((parts) => leafMatches(leaf, partsOf(leaf.field, parts)));
  return ids.length === 0 ? NOTHING : ofIds(kind, ids, MAX_ALTERNATIVES);
}

const NAME = 'ifnull(e.target_name, e.target_id)';
interface Columns {
  readonly sql: readonly string[];
  /** Finds at least the records one of the columns of which equals the value; undefined for all. */
  readonly equal: (value: string, dictionaries: Dictionaries) => string | undefined;
}

const COLUMNS: Readonly<Record<string, Columns>> = {
  ImmutableIdentifier: { sql: ['e.target_id'], equal: ofTargetId },
  Name: { sql: [NAME], equal: ofTarget },
  Target: { sql: ['e.target_id', 'e.target_name'], equal: ofTarget },
};

/** Records of a target, or with a related object, of that id: one list per type of target. */
function ofTargetId(value: string, { shape }: Dictionaries): string | undefined {
  const types = new Set<string>();
  for (let id = 1; id <= shape.size; id++) {
    for (const type of partsOf('TargetType', shape.value(id))) types.add(type);
  }
  return alternatives([...types].map((type) => objectTerm(type, value)));
}

function ofTarget(value: string, dictionaries: Dictionaries): string | undefined {
  const byId = ofTargetId(value, dictionaries);
  const byName = hasNameTerm(value)
    ? quoted(textTerm(TERM.targetName, value))
    : alternatives(words(value).slice(0, MAX_NAME_WORDS), MAX_NAME_WORDS, ' AND ');
  return byId === undefined || byName === undefined ? undefined : `${byId} OR (${byName})`;
}

/** So many words of a long name are looked for. */
const MAX_NAME_WORDS = 16;

function ofColumns(
  leaf: Exclude<Leaf, { kind: 'oneOf' }>,
  { sql, equal }: Columns,
  dictionaries: Dictionaries,
): Part {
  const conditions = sql.map((column): Condition => {
    if (leaf.kind === 'present') return { sql: `${column} IS NOT NULL`, parameters: [] };
    const { value } = leaf;
    switch (leaf.match) {
      case 'eq':
        return { sql: `ifnull(${column} = ?, 0)`, parameters: [value] };
      case 'contains':
        return { sql: `ifnull(instr(${column}, ?) > 0, 0)`, parameters: [value] };
      case 'startswith':
        return {
          sql: `ifnull(substr(${column}, 1, ${lengthOf(value)}) = ?, 0)`,
          parameters: [value],
        };
      case 'endswith':
        return value === ''
          ? { sql: `${column} IS NOT NULL`, parameters: [] }
          : { sql: `ifnull(substr(${column}, -${lengthOf(value)}) = ?, 0)`, parameters: [value] };
    }
  });
  const where = join(conditions, ' OR ');
  const match =
    leaf.kind === 'string' && leaf.match === 'eq' ? equal(leaf.value, dictionaries) : undefined;
  return { match, matchExact: false, where, whereExact: true, residual: where };
}

function ofText(
  wanted: readonly string[],
  prefix: boolean,
  dictionaries: Dictionaries,
  broad: ReadonlySet<string>,
): Part {
  const last = wanted.length - 1;
  const all = and(
    wanted.map((word, i) =>
      prefix && i === last && broad.has(word)
        ? UNKNOWN
        : ofWord(word, prefix && i === last, dictionaries),
    ),
  );
  // The index knows which words a record has, not in what order.
  return last === 0
    ? all
    : { ...UNKNOWN, match: all.match, where: all.where, residual: all.residual };
}

/** A word is in the record's own texts, or in what its dictionary values stand for. */
function ofWord(word: string, prefix: boolean, dictionaries: Dictionaries): Part {
  const match = quoted(word) + (prefix ? '*' : '');
  const where = {
    // Not EXISTS: SQLite turns that into a join, which may begin at the wrong end.
    sql: 'ifnull((SELECT 1 FROM words t WHERE t.words MATCH ? AND t.rowid = e.idx), 0)',
    parameters: [match],
  };
  const own: Part = { match, matchExact: true, where, whereExact: true, residual: undefined };
  const shared = WORD_KINDS.map((kind) => {
    const ids = dictionaries[kind].withWord(word, prefix);
    if (ids.length === 0) return NOTHING;
    // What much of the log has is found faster by looking at rows than by merging lists.
    const dense = dictionaries[kind].recordsWith(ids) * DENSE > dictionaries.shape.records;
    return ofIds(kind, ids, dense && ids.length > MANY_LISTS ? 0 : MAX_WORD_ALTERNATIVES);
  });
  // The word itself last: looking it up for a row is what costs.
  return or([...shared, own]);
}

function ofIds(kind: Kind, ids: readonly number[], most: number): Part {
  const where = among(`e.${kind}`, ids);
  const match = alternatives(
    ids.map((id) => idTerm(TERM[kind], id)),
    most,
  );
  const residual = match === undefined ? where : undefined;
  return { match, matchExact: match !== undefined, where, whereExact: true, residual };
}

function and(parts: readonly Part[]): Part {
  if (parts.includes(NOTHING)) return NOTHING;
  const some = parts.filter((p) => p !== EVERYTHING);
  if (some.length === 0) return EVERYTHING;
  if (some.length === 1) return some[0]!;
  const positive = some.flatMap((p) =>
    p.match === undefined || p.minus !== undefined ? [] : [`(${p.match})`],
  );
  const minus = some.flatMap((p) => (p.minus === undefined ? [] : [`(${p.minus})`]));
  let match = positive.length > 0 ? positive.join(' AND ') : undefined;
  for (const taken of minus) match = `(${match ?? TERM_ALL}) NOT ${taken}`;
  return {
    match,
    matchExact: some.every((p) => p.matchExact),
    where: some.reduce<Condition | undefined>((sum, p) => both(sum, p.where), undefined),
    whereExact: some.every((p) => p.whereExact),
    residual: some.reduce<Condition | undefined>((sum, p) => both(sum, p.residual), undefined),
  };
}

function or(parts: readonly Part[]): Part {
  const some = parts.filter((p) => p !== NOTHING);
  if (some.length === 0) return NOTHING;
  if (some.length === 1) return some[0]!;
  if (some.includes(EVERYTHING)) return EVERYTHING;
  const matchable = some.every((p) => p.match !== undefined);
  const match = matchable ? some.map((p) => `(${p.match})`).join(' OR ') : undefined;
  const matchExact = some.every((p) => p.matchExact);
  const decidable = some.every((p) => p.where !== undefined);
  const where = decidable
    ? join(
        some.map((p) => p.where!),
        ' OR ',
      )
    : undefined;
  const whereExact = some.every((p) => p.whereExact);
  return { match, matchExact, where, whereExact, residual: matchExact ? undefined : where };
}

function not(part: Part): Part {
  if (part === EVERYTHING) return NOTHING;
  if (part === NOTHING) return EVERYTHING;
  const { where, whereExact } = part;
  const opposite =
    whereExact && where !== undefined
      ? { sql: `NOT (${where.sql})`, parameters: where.parameters }
      : undefined;
  if (part.matchExact && part.match !== undefined) {
    const match = `${TERM_ALL} NOT (${part.match})`;
    return {
      match,
      matchExact: true,
      minus: part.match,
      where: opposite,
      whereExact,
      residual: undefined,
    };
  }
  return { match: undefined, matchExact: false, where: opposite, whereExact, residual: opposite };
}

function quoted(word: string): string {
  return `"${word}"`;
}

const TERM_ALL = quoted(TERM.all);

/** The terms joined; undefined if they are too many, or none. */
function alternatives(
  terms: readonly string[],
  most = MAX_ALTERNATIVES,
  by: ' OR ' | ' AND ' = ' OR ',
): string | undefined {
  return terms.length > most || terms.length === 0 ? undefined : terms.map(quoted).join(by);
}

function among(column: string, ids: readonly number[]): Condition {
  return { sql: `${column} IN (${ids.join(',')})`, parameters: [] };
}

function between(column: string, { from, to }: Bounds): Condition {
  const conditions: Condition[] = [];
  if (Number.isFinite(from)) conditions.push({ sql: `${column} >= ?`, parameters: [from] });
  if (Number.isFinite(to)) conditions.push({ sql: `${column} < ?`, parameters: [to] });
  return conditions.length === 0 ? { sql: '1', parameters: [] } : join(conditions, ' AND ');
}

function join(conditions: readonly Condition[], by: ' AND ' | ' OR '): Condition {
  return {
    sql: conditions.map((c) => `(${c.sql})`).join(by),
    parameters: conditions.flatMap((c) => c.parameters),
  };
}

function both(a: Condition | undefined, b: Condition | undefined): Condition | undefined {
  return a === undefined ? b : b === undefined ? a : join([a, b], ' AND ');
}

/** Characters as SQLite counts them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

export function intersect(a: Bounds, b: { readonly from?: number; readonly to?: number }): Bounds {
  return { from: Math.max(a.from, b.from ?? -Infinity), to: Math.min(a.to, b.to ?? Infinity) };
}

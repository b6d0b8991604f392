/**
 * Parses a query:
 *
 *     query      = [ alternative ] ;
 *     alternative= sequence { OR sequence } ;
 *     sequence   = term { [ AND ] term } ;          AND binds tighter than OR, and may be left out
 *     term       = ( NOT | "-" ) term | "(" alternative ")" | comparison | text ;
 *     comparison = field operator value | field ":" shorthand ;
 *     operator   = -eq -ne -lt -le -gt -ge -contains -notcontains -startswith -endswith ;
 *     value      = quoted | bare | NULL | true | false ;
 *     shorthand  = value | value "*" | "*" | ( "<" | "<=" | ">" | ">=" ) value | value ".." value ;
 *     text       = ( word | quoted ) [ "*" ] ;        "*" alone is everything
 *
 * Keywords, fields and operators are the same in any case. `field:` is a comparison only where it
 * names a field; any other colon is part of a word.
 */
import { QueryError } from './error.ts';
import { nearest, operatorsOf } from './field.ts';
import type { FieldTable, QueryField } from './field.ts';
import { RECORD_FIELDS } from './fields.ts';
import { words } from './fold.ts';
import { tokenize } from './lexer.ts';
import type { Span, Token } from './lexer.ts';
import { MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_TERMS } from './limits.ts';
import { parseShorthand } from './shorthand.ts';
import { allOf, anyOf } from './tree.ts';
import type { Operator, Query } from './tree.ts';
import { parseValue } from './value.ts';

const IDENTIFIER = /^[a-z][a-z0-9_.-]*$/i;
/** What people try because other languages have it; none is ours. */
const FOREIGN_OPERATORS = new Set(
  'is isnot like notlike match notmatch in notin equals not null between begins ends starts regex has ieq ceq'.split(
    ' ',
  ),
);

/** Parses the text of a query, about records unless another table is given; empty text is everything. Throws QueryError. */
export function parseQuery(text: string, table: FieldTable = RECORD_FIELDS): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new QueryError(
      'query_too_long',
      `expected a query of at most ${MAX_QUERY_LENGTH} characters, got ${text.length}`,
      { position: MAX_QUERY_LENGTH, length: text.length - MAX_QUERY_LENGTH },
    );
  }
  return new Parser(text, table).parse();
}

class Parser {
  readonly #table: FieldTable;
  readonly #tokens: readonly Token[];
  readonly #end: Span;
  #next = 0;
  #depth = 0;
  #terms = 0;

  constructor(text: string, table: FieldTable) {
    this.#table = table;
    this.#tokens = tokenize(text, table);
    this.#end = { start: text.length, end: text.length };
  }

  parse(): Query {
    if (this.#tokens.length === 0) return { kind: 'all' };
    const query = this.#alternative();
    const extra = this.#peek();
    if (extra !== undefined) throw syntax('expected the end of the query', extra);
    return query;
  }

  #alternative(): Query {
    const items = [this.#sequence()];
    while (this.#takeConnective('or')) items.push(this.#sequence());
    return items.length === 1 ? items[0]! : anyOf(items);
  }

  #sequence(): Query {
    const items = [this.#term()];
    while (this.#takeConnective('and') || this.#atTerm()) items.push(this.#term());
    return allOf(items);
  }

  /** Whether another term follows, joined by nothing but its place. */
  #atTerm(): boolean {
    const token = this.#peek();
    if (token === undefined || token.kind === 'close' || token.kind === 'operator') return false;
    return token.kind !== 'connective' || token.word === 'not';
  }

  #term(): Query {
    const token = this.#take();
    if (token === undefined) throw syntax('expected a comparison or a word', this.#end);
    switch (token.kind) {
      case 'minus':
        return this.#deeper(token, () => ({ kind: 'not', item: this.#term() }));
      case 'connective':
        if (token.word !== 'not') throw syntax('expected a comparison or a word', token);
        return this.#deeper(token, () => ({ kind: 'not', item: this.#term() }));
      case 'open':
        return this.#deeper(token, () => {
          const inner = this.#alternative();
          const close = this.#take();
          if (close?.kind !== 'close')
            throw syntax('expected ")" to close the "(" here', close ?? this.#end, token);
          return inner;
        });
      case 'close':
        throw syntax('expected a comparison or a word', token);
      case 'operator':
        throw syntax(`expected a field before -${token.operator}`, token);
      case 'label':
        return this.#labelled(token);
      case 'quoted':
      case 'bare': {
        const next = this.#peek();
        if (next?.kind === 'operator') return this.#comparison(token, next.operator);
        if (token.kind === 'bare') this.#refuseForeignOperator(token, next);
        return this.#text(token);
      }
    }
  }

  #comparison(token: Token & { kind: 'quoted' | 'bare' }, operator: Operator): Query {
    this.#countTerm(token);
    if (token.kind === 'quoted' || !IDENTIFIER.test(token.text)) {
      throw syntax(`expected the name of a field before -${operator}`, token);
    }
    const field = this.#table.find(token.text);
    if (field === undefined) throw unknownField(this.#table, token.text, token);
    this.#next++;
    const value = this.#value(`expected a value after ${field.name} -${operator}`);
    return parseValue(field, operator, value, token.start, this.#tokens[this.#next - 2]);
  }

  #labelled(token: Token & { kind: 'label' }): Query {
    this.#countTerm(token);
    const field = this.#table.find(token.name) as QueryField;
    const next = this.#peek();
    if (
      next === undefined ||
      next.start !== token.end ||
      (next.kind !== 'bare' && next.kind !== 'quoted')
    ) {
      throw syntax(`expected a value right after "${token.name}:"`, next ?? this.#end);
    }
    return parseShorthand(
      field,
      this.#value(`expected a value after "${token.name}:"`),
      token.start,
    );
  }

  #value(expected: string): Token & { kind: 'quoted' | 'bare' } {
    const value = this.#take();
    if (value?.kind !== 'quoted' && value?.kind !== 'bare')
      throw syntax(expected, value ?? this.#end);
    if (value.kind === 'quoted') refuseUnclosed(value);
    return value;
  }

  #text(token: Token & { kind: 'quoted' | 'bare' }): Query {
    this.#countTerm(token);
    if (token.kind === 'quoted') refuseUnclosed(token);
    if (token.kind === 'bare' && token.text === '*') return { kind: 'all' };
    refuseNearField(this.#table, token);
    const prefix = token.kind === 'quoted' ? token.prefix : token.text.endsWith('*');
    const text = token.kind === 'bare' ? token.text.replace(/^-+|\*+$/g, '') : token.text;
    if (words(text).length === 0) {
      throw new QueryError('query_value', 'expected letters or digits to search for', at(token));
    }
    return { kind: 'text', text, prefix, position: token.start };
  }

  /** `Name -like "x"`: says which operators there are, rather than searching for words. */
  #refuseForeignOperator(token: Token & { kind: 'bare' }, next: Token | undefined): void {
    const word = this.#tokens[this.#next + 1];
    const field = next?.kind === 'minus' ? this.#table.find(token.text) : undefined;
    if (
      field === undefined ||
      word?.kind !== 'bare' ||
      !FOREIGN_OPERATORS.has(word.text.toLowerCase())
    )
      return;
    const names = operatorsOf(field).map((o) => `-${o}`);
    const near = nearest(`-${word.text}`, names);
    throw new QueryError(
      'query_operator',
      `expected an operator for ${field.name} (${names.join(', ')}), got "-${word.text}"`,
      { position: next!.start, length: word.end - next!.start },
      near,
    );
  }

  #deeper(token: Span, parse: () => Query): Query {
    if (++this.#depth > MAX_QUERY_DEPTH) {
      throw new QueryError(
        'query_too_deep',
        `expected at most ${MAX_QUERY_DEPTH} parentheses and negations around a term, got more`,
        at(token),
      );
    }
    const query = parse();
    this.#depth--;
    return query;
  }

  #countTerm(token: Span): void {
    if (++this.#terms > MAX_QUERY_TERMS) {
      throw new QueryError(
        'query_too_many_terms',
        `expected at most ${MAX_QUERY_TERMS} terms, got more`,
        at(token),
      );
    }
  }

  #takeConnective(word: 'and' | 'or'): boolean {
    const token = this.#peek();
    const found = token?.kind === 'connective' && token.word === word;
    if (found) this.#next++;
    return found;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token | undefined {
    return this.#tokens[this.#next++];
  }
}

function refuseUnclosed(token: Token & { kind: 'quoted' }): void {
  if (!token.closed)
    throw new QueryError(
      'query_syntax',
      'expected a closing quote, got the end of the query',
      at(token),
    );
}

/** `catgory:x` would quietly find nothing; text with a colon that resembles no field is left alone. */
function refuseNearField(table: FieldTable, token: Token & { kind: 'quoted' | 'bare' }): void {
  if (token.kind !== 'bare') return;
  const name = /^[a-z][a-z_.]{2,}(?=:.)/i.exec(token.text)?.[0];
  const near = name === undefined ? undefined : table.nearest(name);
  if (name !== undefined && near !== undefined) {
    throw unknownField(table, name, { start: token.start, end: token.start + name.length });
  }
}

function unknownField(table: FieldTable, name: string, span: Span): QueryError {
  const near = table.nearest(name);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return new QueryError(
    'query_unknown_field',
    `expected the name of a field, got "${name}"${hint}`,
    at(span),
    near,
  );
}

function syntax(expected: string, token: Token | Span, blame: Span = token): QueryError {
  return new QueryError('query_syntax', `${expected}, got ${describe(token)}`, at(blame));
}

function describe(token: Token | Span): string {
  if (!('kind' in token)) return 'the end of the query';
  switch (token.kind) {
    case 'open':
      return '"("';
    case 'close':
      return '")"';
    case 'connective':
      return token.word.toUpperCase();
    case 'operator':
      return `-${token.operator}`;
    case 'quoted':
      return token.closed ? 'a quoted text' : 'a quote that is not closed';
    case 'minus':
      return '"-"';
    case 'label':
      return `"${token.name}:"`;
    case 'bare':
      return `"${token.text}"`;
  }
}

function at(span: Span): { position: number; length: number } {
  return { position: span.start, length: span.end - span.start };
}

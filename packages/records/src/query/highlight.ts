/** What every piece of a query's text is, for colouring it while it is typed. */
import type { FieldTable } from './field.ts';
import { RECORD_FIELDS } from './fields.ts';
import { tokenize } from './lexer.ts';

export type HighlightKind =
  | 'field'
  | 'unknown-field'
  | 'operator'
  | 'connective'
  | 'parenthesis'
  | 'negation'
  | 'string'
  | 'value'
  | 'token'
  | 'text'
  | 'unclosed';

/** `[start, end)` in UTF-16 code units; between spans is white space. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  readonly kind: HighlightKind;
}

/** Spans of the text in order; for any text, however broken. */
export function highlightQuery(text: string, table: FieldTable = RECORD_FIELDS): Highlight[] {
  const tokens = tokenize(text, table);
  return tokens.map((token, i) => {
    const { start, end } = token;
    const before = tokens[i - 1];
    const isValue =
      before?.kind === 'operator' || (before?.kind === 'label' && before.end === start);
    const kind = ((): HighlightKind => {
      switch (token.kind) {
        case 'open':
        case 'close':
          return 'parenthesis';
        case 'connective':
          return token.word === 'not' ? 'negation' : 'connective';
        case 'minus':
          return 'negation';
        case 'operator':
          return 'operator';
        case 'label':
          return 'field';
        case 'quoted':
          if (!token.closed) return 'unclosed';
          return isValue ? 'string' : 'text';
        case 'bare':
          if (isValue) return /^%.*%$/.test(token.text) ? 'token' : 'value';
          if (tokens[i + 1]?.kind !== 'operator') return 'text';
          return table.find(token.text) === undefined ? 'unknown-field' : 'field';
      }
    })();
    return { start, end, kind };
  });
}

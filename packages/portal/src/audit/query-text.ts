import { highlightQuery, parseQuery, QueryError, RECORD_FIELDS } from '@countersign/records';
import type { FieldTable, HighlightKind, Suggestion } from '@countersign/records';

/** What is wrong with a query and where; null when it can be read. An empty text asks for everything. */
export interface QueryFault {
  readonly code: string;
  readonly message: string;
  readonly position: number;
  readonly length: number;
  readonly suggestion?: string;
}

export function faultOf(text: string, table: FieldTable = RECORD_FIELDS): QueryFault | null {
  if (text.trim() === '') return null;
  try {
    parseQuery(text, table);
    return null;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return {
      code: error.code,
      message: sentenceOf(error.message),
      position: error.position,
      length: error.length,
      ...(error.suggestion === undefined ? {} : { suggestion: error.suggestion }),
    };
  }
}

/** The fault as a sentence; its place is shown, not told. */
function sentenceOf(message: string): string {
  const bare = message.replace(/ \(at position \d+\)$/, '');
  return bare.slice(0, 1).toUpperCase() + bare.slice(1);
}

/** A stretch of the query as it is painted behind the cursor. */
export interface Stretch {
  /** Where it starts. */
  readonly at: number;
  readonly text: string;
  readonly kind: HighlightKind | 'space';
  readonly fault: boolean;
}

/** Every character of the text once, in stretches of one kind; a fault at the end underlines a space. */
export function paintQuery(
  text: string,
  fault: QueryFault | null,
  table: FieldTable = RECORD_FIELDS,
): Stretch[] {
  const from = fault?.position ?? -1;
  const to = fault === null ? -1 : fault.position + Math.max(1, fault.length);
  const stretches: Stretch[] = [];
  const put = (start: number, end: number, kind: Stretch['kind']) => {
    for (const [a, b] of [
      [start, Math.min(end, from)],
      [Math.max(start, from), Math.min(end, to)],
      [Math.max(start, to), end],
    ] as const) {
      if (a < b) {
        stretches.push({ at: a, text: text.slice(a, b), kind, fault: a >= from && b <= to });
      }
    }
  };
  let at = 0;
  for (const { start, end, kind } of highlightQuery(text, table)) {
    if (start > at) put(at, start, 'space');
    put(Math.max(start, at), end, kind);
    at = Math.max(at, end);
  }
  if (at < text.length) put(at, text.length, 'space');
  if (fault !== null && from >= text.length) {
    stretches.push({ at: text.length, text: ' ', kind: 'space', fault: true });
  }
  return stretches;
}

/** The text and cursor after taking a suggestion, with the space that must follow. */
export function takeSuggestion(
  text: string,
  span: { readonly from: number; readonly to: number },
  suggestion: Suggestion,
): { text: string; cursor: number } {
  const rest = text.slice(span.to);
  const space = rest.startsWith(' ') ? '' : ' ';
  const before = text.slice(0, span.from) + suggestion.insert + space;
  return { text: before + rest, cursor: before.length + (space === '' ? 1 : 0) };
}

/** The query language: one parser and one tree for API, portal and command line. */
export {
  CERTIFICATE_FIELDS,
  certificateFields,
  METADATA_NAME,
  METADATA_TYPES,
} from './certificate-fields.ts';
export type { MetadataType, QueriedMetadata } from './certificate-fields.ts';
export { completeQuery } from './complete.ts';
export type { Completion, Suggestion } from './complete.ts';
export { QueryError } from './error.ts';
export type { QueryErrorCode } from './error.ts';
export { isNumeric, containsWords, matchesQuery, matchesString } from './evaluate.ts';
export { enumNames, fieldTable, operatorsOf } from './field.ts';
export type { FieldTable, FieldType, FieldValue, QueryField } from './field.ts';
export { QUERY_FIELDS, RECORD_FIELDS, findField } from './fields.ts';
export { fold, words, MAX_WORD_LENGTH } from './fold.ts';
export { formatQuery } from './format.ts';
export { highlightQuery } from './highlight.ts';
export type { Highlight, HighlightKind } from './highlight.ts';
export { quote as quoteQueryValue } from './lexer.ts';
export { MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_TERMS } from './limits.ts';
export { parseQuery } from './parser.ts';
export { resolveQuery } from './resolve.ts';
export type { ResolveContext, ResolvedQuery, StringMatch } from './resolve.ts';
export { allOf, anyOf } from './tree.ts';
export type { Comparison, Operator, Query, QueryValue, TextTerm } from './tree.ts';
export {
  categoryTexts,
  changedProperties,
  fieldNumber,
  fieldValues,
  freeTexts,
  ownTexts,
} from './values.ts';
export type { QueriedRecord } from './values.ts';

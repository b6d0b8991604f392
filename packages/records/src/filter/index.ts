/** Filters of audit events: one parser and one tree for API, portal and command line. */
export { FilterError } from './error.ts';
export type { FilterFault } from './error.ts';
export { escapeFilterValue } from './escape.ts';
export { formatFilter } from './format.ts';
export { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH } from './limits.ts';
export { matchesFilter } from './match.ts';
export type { FilteredRecord } from './match.ts';
export { COMMON_ATTRIBUTES, filterAttributes, parseEventFilter, parseFilter } from './parser.ts';
export type { Filter } from './tree.ts';

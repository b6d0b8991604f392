/** Bounds on a query, so that no text makes the parser or a search expensive. */

/** UTF-16 code units of a query's text. */
export const MAX_QUERY_LENGTH = 4096;

/** Parentheses and negations around one term. */
export const MAX_QUERY_DEPTH = 64;

/** Comparisons and texts in one query. */
export const MAX_QUERY_TERMS = 256;

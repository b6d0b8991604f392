/** What is wrong with a query. Stable: the API's problem bodies carry it. */
export type QueryErrorCode =
  | 'query_too_long'
  | 'query_too_deep'
  | 'query_too_many_terms'
  | 'query_syntax'
  | 'query_unknown_field'
  | 'query_operator'
  | 'query_value'
  | 'query_no_user';

/** A query that cannot be understood: what was expected, what was there, and where. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: QueryErrorCode;
  /** Where the fault is, in UTF-16 code units from the start of the text. */
  readonly position: number;
  /** How much of the text is at fault; 0 at its end. */
  readonly length: number;
  /** What may have been meant, e.g. the nearest field. */
  readonly suggestion?: string;

  constructor(
    code: QueryErrorCode,
    message: string,
    at: { position: number; length: number },
    suggestion?: string,
  ) {
    super(`${message} (at position ${at.position + 1})`);
    this.code = code;
    this.position = at.position;
    this.length = at.length;
    if (suggestion !== undefined) this.suggestion = suggestion;
  }
}

import { LedgerError } from '@countersign/ledger';
import { QueryError, RecordError } from '@countersign/records';
import { PROBLEMS, ServerError, type FieldFault, type ServerErrorCode } from '../errors.ts';
import type { Logger } from '../logger.ts';

/** The media type of every refusal (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json';

/** Renders a refusal: the one place where codes become statuses and bodies. */
export function renderProblem(error: ServerError, requestId: string): Response {
  const { status, title } = PROBLEMS[error.code];
  const body = {
    type: `urn:countersign:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...error.members,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': PROBLEM_JSON, 'cache-control': 'no-store', ...error.headers },
  });
}

/** Turns whatever was thrown into a refusal. What we did not expect is logged and told to nobody. */
export function toServerError(thrown: unknown, logger: Logger, requestId: string): ServerError {
  if (thrown instanceof ServerError) return thrown;
  if (thrown instanceof QueryError) {
    return new ServerError('query_syntax', thrown.message, {
      members: {
        parameter: 'query',
        reason: thrown.code,
        position: thrown.position,
        length: thrown.length,
      },
    });
  }
  if (thrown instanceof RecordError) return fromRecordError(thrown);
  if (thrown instanceof LedgerError) return fromLedgerError(thrown, logger, requestId);
  if (isHttpException(thrown)) return fromHttpException(thrown);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (cannotWriteState(error)) {
    logger.error('state.db cannot be written', { requestId, error: error.message });
    return new ServerError(
      'log_unavailable',
      `nothing can be done without its record: ${error.message}`,
      { headers: { 'retry-after': '1' }, cause: thrown },
    );
  }
  logger.error('a request failed', { requestId, error: error.message, stack: error.stack });
  return new ServerError(
    'internal',
    'something unexpected happened; the request id finds it in the log',
    {
      cause: thrown,
    },
  );
}

/** SQLite's primary result codes for a file that cannot be written now: busy, read-only, I/O error, full. */
const CANNOT_WRITE = new Set([5, 8, 10, 13]);

/** A change commits in state.db together with its record: a full disk there is the same refusal as in the log. */
function cannotWriteState(error: Error & { code?: unknown; errcode?: unknown }): boolean {
  const { code, errcode } = error;
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return false;
  return CANNOT_WRITE.has(errcode & 0xff);
}

/** Faults of a record, by JSON path. */
function fromRecordError(error: RecordError): ServerError {
  const codes: Partial<Record<RecordError['code'], ServerErrorCode>> = {
    record_too_large: 'record_too_large',
    record_contains_secret: 'record_contains_secret',
  };
  return new ServerError(codes[error.code] ?? 'record_invalid', error.message, {
    members: {
      errors: error.faults.map((f): FieldFault => ({
        field: f.path,
        expected: f.expected,
        got: f.got,
      })),
    },
  });
}

/** What the ledger's refusals mean to a client; every other one means that the log takes no records. */
const LEDGER_CODES: Partial<Record<LedgerError['code'], ServerErrorCode>> = {
  sequence_gap: 'sequence_gap',
  sequence_conflict: 'sequence_conflict',
  batch_too_large: 'body_too_large',
  record_missing: 'not_found',
  tile_missing: 'not_found',
  cursor_invalid: 'cursor_invalid',
  field_unknown: 'parameter_invalid',
  argument_invalid: 'parameter_invalid',
  index_closed: 'index_unavailable',
  index_failed: 'index_unavailable',
  index_missing: 'index_unavailable',
  index_damaged: 'index_unavailable',
};

function fromLedgerError(error: LedgerError, logger: Logger, requestId: string): ServerError {
  const code = LEDGER_CODES[error.code] ?? 'log_unavailable';
  const members: Record<string, unknown> = {};
  for (const name of ['producer', 'expected', 'got', 'index'] as const) {
    if (error[name] !== undefined) members[name] = error[name];
  }
  if (code !== 'log_unavailable' && code !== 'index_unavailable') {
    return new ServerError(code, error.message, { members });
  }
  logger.error('the log refused', { requestId, code: error.code, error: error.message });
  const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000));
  return new ServerError(code, error.message, {
    members: { reason: error.code },
    headers: { 'retry-after': String(seconds) },
    cause: error,
  });
}

/** What the framework itself refuses, in our words. */
function fromHttpException(exception: { status: number; message: string }): ServerError {
  switch (exception.status) {
    case 415: {
      return new ServerError('unsupported_media_type', 'content-type: expected "application/json"');
    }
    case 413: {
      return new ServerError('body_too_large', exception.message);
    }
    default: {
      return new ServerError(
        'malformed_json',
        'body: expected a JSON document, got something that is none',
      );
    }
  }
}

function isHttpException(thrown: unknown): thrown is Error & { status: number } {
  return thrown instanceof Error && 'status' in thrown && 'getResponse' in thrown;
}

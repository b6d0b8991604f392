import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ServerError } from '../errors.ts';
import type { AppEnv } from './env.ts';

/** Bodies of ordinary requests; only producers may send more. */
export const MAX_JSON_BODY = 65_536;
/** A batch of records: 1000 of them, or 16 MiB. */
export const MAX_BATCH_BODY = 16 * 1024 * 1024;
/** A file with certificates of 1 MiB, as base64 in JSON. */
const MAX_FILE_BODY = 1_500_000;
const TAKE_FILES: ReadonlySet<string> = new Set(['/api/v1/certificates/import']);

/** Refuses bodies that are not JSON by their own word, and bodies that are too large, before anything reads them. */
export function jsonBodies(): MiddlewareHandler<AppEnv> {
  const small = limitTo(MAX_JSON_BODY);
  const large = limitTo(MAX_BATCH_BODY);
  const file = limitTo(MAX_FILE_BODY);
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return await next();
    assertJson(c);
    if (c.get('producer') !== null) return await large(c, next);
    return await (TAKE_FILES.has(c.get('route').pattern) ? file : small)(c, next);
  };
}

function limitTo(maxSize: number): MiddlewareHandler<AppEnv> {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      const got = c.req.header('content-length');
      throw new ServerError(
        'body_too_large',
        `body: expected at most ${maxSize} bytes, got ${got ?? 'more'}`,
        { members: { limit: maxSize } },
      );
    },
  });
}

function assertJson(c: Context<AppEnv>): void {
  const length = c.req.header('content-length');
  const hasBody =
    (length !== undefined && length !== '0') || c.req.header('transfer-encoding') !== undefined;
  const type = c.req.header('content-type');
  if (type === undefined && !hasBody) return;
  const media = (type ?? '').split(';')[0]?.trim().toLowerCase();
  if (media === 'application/json') return;
  const got = type ?? 'nothing';
  throw new ServerError(
    'unsupported_media_type',
    `content-type: expected "application/json", got "${got}"`,
    {
      members: { errors: [{ field: 'content-type', expected: 'application/json', got }] },
      headers: { accept: 'application/json' },
    },
  );
}

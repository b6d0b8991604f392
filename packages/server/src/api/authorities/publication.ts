import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { currentLists, readList, type ListKind } from '../../authorities/lists.ts';
import { open } from '../../authorization/rule.ts';
import { MAX_OCSP_BYTES } from '../../ca/ocsp.ts';
import { ServerError } from '../../errors.ts';
import { decidedOn } from '../../http/declare.ts';
import type { AppEnv } from '../../http/env.ts';
import type { Platform } from '../../platform.ts';
import type { Api } from '../api.ts';

const OPEN = open('whoever has a certificate must be able to check it');
/** The path of an OCSP request in a GET: base64 of up to this. */
const MAX_OCSP_PATH = Math.ceil((MAX_OCSP_BYTES * 4) / 3) * 3;
/** Authorities' certificates never change under one id. */
const CERTIFICATE_AGE_SECONDS = 86_400;
/** A list is fetched again at the latest after this, that a new one is seen. */
const LIST_AGE_SECONDS = 300;

/**
 * What authorities publish, over plain HTTP and without an account: certificates (RFC 5280 section 4.2.2.1), lists
 * (section 4.2.1.13), OCSP (RFC 6960 appendix A, RFC 5019 section 6).
 */
export function publicationRoutes({ app, routes, platform }: Api): void {
  const { authorities, clock } = platform;
  const { db } = platform.state;
  const declare = (method: 'GET' | 'POST', pattern: string) => {
    routes.add({ method, pattern, type: 'API Endpoint', rule: OPEN });
    return decidedOn(method, pattern);
  };

  app.get('/pki/:id/ca.crt', declare('GET', '/pki/{id}/ca.crt'), async (c) => {
    const { certificate } = await authorities.find(db, c.req.param('id'));
    return cacheable(c, certificate.der, 'application/pkix-cert', CERTIFICATE_AGE_SECONDS);
  });

  const publishList = async (c: Context<AppEnv>, id: string, kind: ListKind) => {
    const { id: authority, name } = await authorities.find(db, id);
    const list = (await currentLists(db, authority))[kind];
    const der = list === null ? null : await readList(db, authority, list.number);
    if (list === null || der === null)
      throw new ServerError('not_found', `${name} has no ${kind} revocation list now`);
    const left = Math.floor((Date.parse(list.nextUpdate) - clock().getTime()) / 1_000);
    const age = Math.max(0, Math.min(LIST_AGE_SECONDS, left));
    return cacheable(c, der, 'application/pkix-crl', age, new Date(list.thisUpdate));
  };
  app.get('/pki/:id/full.crl', declare('GET', '/pki/{id}/full.crl'), async (c) =>
    publishList(c, c.req.param('id'), 'full'),
  );
  app.get('/pki/:id/delta.crl', declare('GET', '/pki/{id}/delta.crl'), async (c) =>
    publishList(c, c.req.param('id'), 'delta'),
  );

  app.post('/pki/:id/ocsp', declare('POST', '/pki/{id}/ocsp'), async (c) => {
    const request = await readBody(c.req.raw);
    return await respond(platform, c, c.req.param('id'), request);
  });
  app.get('/pki/:id/ocsp/*', declare('GET', '/pki/{id}/ocsp/*'), async (c) => {
    const id = c.req.param('id');
    const path = c.req.path;
    const text = path.slice(path.indexOf('/ocsp/') + '/ocsp/'.length);
    return await respond(platform, c, id, readBase64(text));
  });
}

async function respond(
  { authorities, clock }: Platform,
  c: Context<AppEnv>,
  id: string,
  request: Uint8Array,
): Promise<Response> {
  const { der, cache } = await authorities.answer(id, request);
  const headers: Record<string, string> = { 'content-type': 'application/ocsp-response' };
  if (cache === null || c.req.method !== 'GET') headers['cache-control'] = 'no-store';
  else {
    const { producedAt, nextUpdate } = cache;
    const left = Math.floor((nextUpdate.getTime() - clock().getTime()) / 1_000);
    Object.assign(headers, {
      'cache-control': `max-age=${Math.max(0, Math.min(LIST_AGE_SECONDS, left))}, public, no-transform, must-revalidate`,
      'last-modified': producedAt.toUTCString(),
      expires: nextUpdate.toUTCString(),
      etag: etagOf(der),
    });
  }
  return c.body(new Uint8Array(der), 200, headers);
}

function cacheable(
  c: Context<AppEnv>,
  der: Buffer,
  type: string,
  age: number,
  modified?: Date,
): Response {
  const etag = etagOf(der);
  const headers: Record<string, string> = {
    'cache-control': `public, max-age=${age}, no-transform`,
    etag,
    ...(modified === undefined ? {} : { 'last-modified': modified.toUTCString() }),
  };
  if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
  return c.body(new Uint8Array(der), 200, { ...headers, 'content-type': type });
}

function etagOf(der: Uint8Array): string {
  return `"${createHash('sha256').update(der).digest('base64url').slice(0, 27)}"`;
}

/** The body, as far as a request may be long; more makes it malformed, which the responder says. */
async function readBody(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    chunks.push(chunk);
    if (size > MAX_OCSP_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** Base64, the URL's escapes undone (RFC 6960 appendix A.1); clients do not agree on what to escape. */
function readBase64(text: string): Uint8Array {
  if (text.length > MAX_OCSP_PATH) return new Uint8Array();
  try {
    return Buffer.from(decodeURIComponent(text), 'base64');
  } catch {
    // No URL's escapes: nothing is what was asked.
    return new Uint8Array();
  }
}

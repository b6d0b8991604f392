import { randomBytes } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { open } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { decidedOn } from '../http/declare.ts';
import type { AppEnv } from '../http/env.ts';
import type { RouteTable } from '../http/route-table.ts';
import { portalContentPolicy } from '../http/security-headers.ts';
import type { Platform } from '../platform.ts';
import { PAGES } from './pages.ts';

/** Where hashed files may be kept for a year without asking again. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Declares the portal's pages and files. */
export function portalRoutes(
  app: OpenAPIHono<AppEnv>,
  routes: RouteTable,
  platform: Platform,
): void {
  for (const path of ['/', '/portal']) {
    routes.add({
      method: 'GET',
      pattern: path,
      type: 'Portal Page',
      rule: open('only says where the portal is'),
    });
    app.get(path, decidedOn('GET', path), (c) => c.redirect('/portal/', 302));
  }
  for (const { pattern, rule } of PAGES) {
    routes.add({ method: 'GET', pattern, type: 'Portal Page', rule });
    const path = pattern.replaceAll(/\{(\w+)\}/g, ':$1');
    app.get(path, decidedOn('GET', pattern), async () => await portalPage(platform, 200));
  }
  const files = '/portal/*';
  routes.add({
    method: 'GET',
    pattern: files,
    type: 'Portal Page',
    rule: open('the files of the program itself; there is no data in them'),
  });
  app.get(files, decidedOn('GET', files), async (c) => await portalFile(c, platform));
}

/** The portal's page with its policy; with a denial it says why nothing else is shown. */
export async function portalPage(
  platform: Platform,
  status: 200 | 403 | 404,
  denial: unknown = null,
): Promise<Response> {
  const nonce = randomBytes(18).toString('base64url');
  const { html, usesNonce } = await platform.portal.page(nonce, denial);
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': portalContentPolicy(usesNonce ? nonce : null),
      'cache-control': 'no-store',
    },
  });
}

async function portalFile(c: Context<AppEnv>, platform: Platform): Promise<Response> {
  const path = c.req.path.slice('/portal/'.length);
  const asset = await platform.portal.asset(path);
  if (asset === null)
    throw new ServerError('not_found', `there is no page or file at ${c.req.path}`);
  const headers = {
    'content-type': asset.type,
    etag: asset.etag,
    'cache-control': asset.immutable ? IMMUTABLE : 'no-cache',
  };
  if (c.req.header('if-none-match') === asset.etag)
    return new Response(null, { status: 304, headers });
  return new Response(asset.bytes, { headers });
}

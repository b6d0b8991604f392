import type { Context } from 'hono';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { AppEnv } from './env.ts';
import { ownOrigin } from './origin-check.ts';

/**
 * The origin by which the browser of a request knows us. Its host was found to be one of ours; that there is nothing
 * but a host in it, is seen here. Throws `host_not_allowed`.
 */
export function requestOrigin(platform: Pick<Platform, 'config'>, c: Context<AppEnv>): string {
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  const origin = ownOrigin({ host, secure: c.get('tls') !== null }, platform.config);
  const url = URL.parse(origin);
  const bare = url !== null && url.username === '' && url.href === `${url.origin}/`;
  if (!bare || /[/\\@?#]/.test(host)) {
    const got = host.slice(0, 100);
    throw new ServerError('host_not_allowed', `host: expected a name of this server, got "${got}"`);
  }
  return url.origin;
}

import { randomUUIDv7 } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { clientAddress } from './address.ts';
import type { AppEnv } from './env.ts';
import { isOurHost, isPublicName } from './origin-check.ts';
import { API_CONTENT_POLICY, commonHeaders, TRANSPORT_SECURITY } from './security-headers.ts';

/** The first step of every request: its id and what is known of it; the last: the headers. */
export function createContext(platform: Platform): MiddlewareHandler<AppEnv> {
  const { config } = platform;
  const headers = Object.entries(commonHeaders(config));
  return async (c, next) => {
    const id = randomUUIDv7();
    const path = c.req.path;
    const type = path.startsWith('/portal') ? 'Portal Page' : 'API Endpoint';
    // Browsers say so themselves; what other clients say here changes nothing but a word in the record.
    const fromPortal = type === 'Portal Page' || c.req.header('sec-fetch-site') === 'same-origin';
    c.set('facts', {
      id,
      route: path,
      type,
      verb: c.req.method,
      address: clientAddress(
        c.env?.incoming?.socket.remoteAddress,
        c.req.header('x-forwarded-for'),
        config.trustedProxies,
      ),
      userAgent: c.req.header('user-agent') ?? null,
      interface: fromPortal ? 'portal' : 'api',
    });
    const tls = platform.tlsSessions.of(c.env?.incoming?.socket);
    c.set('tls', tls);
    c.set('cookie', tls === null ? platform.cookies.plain : platform.cookies.tls);
    c.set('session', null);
    c.set('producer', null);
    c.set('grant', null);
    c.set('pending', []);
    await next();
    const answer = c.res.headers;
    answer.set('x-request-id', id);
    for (const [name, value] of headers) answer.set(name, value);
    if (tls !== null && isPublicName(c.req.header('host')))
      answer.set('strict-transport-security', TRANSPORT_SECURITY);
    if (!answer.has('content-security-policy'))
      answer.set('content-security-policy', API_CONTENT_POLICY);
    if (!answer.has('cache-control')) answer.set('cache-control', 'no-store');
  };
}

/** Refuses requests that were meant for another name (DNS rebinding). */
export function createHostCheck(platform: Platform): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const host = c.req.header('host');
    if (host !== undefined && !isOurHost(host, platform.config)) {
      const got = host.slice(0, 100);
      throw new ServerError(
        'host_not_allowed',
        `host: expected a name of this server, got "${got}"`,
      );
    }
    await next();
  };
}

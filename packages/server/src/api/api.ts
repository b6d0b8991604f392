import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Session } from '../accounts/sessions.ts';
import type { AppEnv } from '../http/env.ts';
import type { RouteTable } from '../http/route-table.ts';
import type { Platform } from '../platform.ts';

/** What a group of routes is given to declare itself with. */
export interface Api {
  readonly app: OpenAPIHono<AppEnv>;
  readonly routes: RouteTable;
  readonly platform: Platform;
}

/** The session of a request that the guard let through for a right. */
export function signedIn(c: Context<AppEnv>): Session {
  const session = c.get('session');
  if (session === null || typeof session === 'string')
    throw new Error('bad route: no session behind the guard');
  return session;
}

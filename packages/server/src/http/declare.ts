import type { RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Rule } from '../authorization/rule.ts';
import type { AppEnv } from './env.ts';
import type { RouteTable } from './route-table.ts';

/**
 * Declares a route with its rule and returns it for `app.openapi`. The handler runs only when the guard has decided
 * on this very route.
 */
export function ruled<R extends RouteConfig>(routes: RouteTable, route: R, rule: Rule): R {
  const method = route.method.toUpperCase();
  routes.add({ method, pattern: route.path, type: 'API Endpoint', rule });
  return { ...route, middleware: decidedOn(method, route.path) };
}

/** Stops a request whose guard decided on another route than the one the framework found. */
export function decidedOn(method: string, pattern: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const decided = c.get('route') as AppEnv['Variables']['route'] | undefined;
    if (decided?.pattern !== pattern || decided.method !== method) {
      throw new Error(`${method} ${pattern} was reached without its rule`);
    }
    await next();
  };
}

import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { checkedNext } from '../accounts/oidc/next-path.ts';
import { PENDING_MS } from '../accounts/oidc/pending.ts';
import { beginOidcSignIn, finishOidcSignIn } from '../accounts/oidc/sign-in.ts';
import type { OidcSignIns } from '../accounts/oidc/sign-ins.ts';
import { open } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { departureCookie, type SessionCookie } from '../http/cookies.ts';
import { ruled } from '../http/declare.ts';
import type { AppEnv } from '../http/env.ts';
import { findCrossSite } from '../http/origin-check.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { Platform } from '../platform.ts';
import { RETURN_PAGE_POLICY, returnPage } from '../portal/return-page.ts';
import type { Api } from './api.ts';
import { refusals } from './schemas.ts';

const CALLBACK = '/api/v1/session/oidc/callback';

const SignInOptions = z
  .object({
    password: z.literal(true),
    certificate: z.boolean().openapi({
      description: 'The request came over the HTTPS listener, which asks for a certificate.',
    }),
    oidc: z
      .object({ name: z.string() })
      .nullable()
      .openapi({ description: 'The identity provider; null: there is none.' }),
  })
  .openapi('SignInOptions');

const optionsRoute = createRoute({
  method: 'get',
  path: '/api/v1/session/options',
  operationId: 'readSignInOptions',
  summary: 'How one can sign in here',
  tags: ['Session'],
  responses: {
    200: {
      description: 'The ways to sign in.',
      content: { 'application/json': { schema: SignInOptions } },
    },
  },
});

const beginRoute = createRoute({
  method: 'get',
  path: '/api/v1/session/oidc',
  operationId: 'beginOidcSignIn',
  summary: 'Sign in with the identity provider',
  description:
    'For browsers: leads to the provider (OpenID Connect, authorization code with PKCE). What goes wrong leads a browser back to the sign-in page, with the code in `failed`.',
  tags: ['Session'],
  request: {
    query: z.object({
      next: z
        .string()
        .optional()
        .openapi({ description: "The portal's page to go to afterwards." }),
    }),
  },
  responses: {
    302: { description: 'To the provider, or back to the sign-in page.' },
    ...refusals(404, 429, 503),
  },
});

const callbackRoute = createRoute({
  method: 'get',
  path: CALLBACK,
  operationId: 'finishOidcSignIn',
  summary: 'Where the identity provider sends the browser back to',
  description:
    'Takes `code`, `state`, `iss` or `error` in the query, once, from the browser that left. Sets the session cookie.',
  tags: ['Session'],
  responses: {
    200: {
      description: 'Signed in: a page that goes on to the portal by itself.',
      content: { 'text/html': { schema: z.string() } },
    },
    302: { description: 'Not signed in: back to the sign-in page.' },
    ...refusals(401, 403, 404, 409, 429, 503),
  },
});

/** Signing in by an identity provider, and what ways to sign in there are. */
export function oidcRoutes({ app, routes, platform }: Api): void {
  app.openapi(
    ruled(routes, optionsRoute, open('nobody is signed in before it; it names no user')),
    (c) => {
      const provider = platform.oidc?.provider ?? null;
      return c.json(
        {
          password: true as const,
          certificate: c.get('tls') !== null,
          oidc: provider === null ? null : { name: provider.name },
        },
        200,
      );
    },
  );

  app.openapi(
    ruled(routes, beginRoute, open('it only leads to the provider; a failure is recorded')),
    async (c) => {
      const next = checkedNext(c.req.valid('query').next);
      const signIns = configured(platform, c);
      // Another site may lead here, but not begin a sign-in for its visitor: the sign-in page asks first.
      if (isCrossSite(platform, c)) return c.redirect(signInPage({ next }), 302);
      return await failingToSignInPage(c, next, async () => {
        await c.get('tls')?.established();
        const cookie = cookieOf(c);
        const { location, browser } = await beginOidcSignIn(platform, signIns, {
          redirectUri: `${requestOrigin(platform, c)}${CALLBACK}`,
          next,
          browser: cookie.read(c.req.header('cookie')),
          previous: c.get('cookie').read(c.req.header('cookie')),
          facts: c.get('facts'),
        });
        c.header('set-cookie', cookie.set(browser));
        return c.redirect(location, 302);
      });
    },
  );

  app.openapi(
    ruled(routes, callbackRoute, open('it authenticates by itself, and records both outcomes')),
    async (c) => {
      const signIns = configured(platform, c);
      const answer = new URL(c.req.url).searchParams;
      const browser = cookieOf(c).read(c.req.header('cookie'));
      const wanted = signIns.pending.nextOf(answer.get('state'), browser);
      return await failingToSignInPage(c, wanted, async () => {
        await c.get('tls')?.established();
        const facts = c.get('facts');
        const { id, next } = await finishOidcSignIn(platform, signIns, { answer, browser, facts });
        c.header('set-cookie', c.get('cookie').set(id));
        c.header('content-security-policy', RETURN_PAGE_POLICY);
        return c.html(returnPage(next), 200);
      });
    },
  );
}

/** The provider's sign-ins. A state is good once: a request that only looks (HEAD) must not use it up. */
function configured(platform: Platform, c: Context<AppEnv>): OidcSignIns {
  if (platform.oidc === null)
    throw new ServerError('not_found', 'no identity provider is configured here');
  if (c.get('facts').verb !== 'GET') {
    throw new ServerError('method_not_allowed', `${c.req.path}: expected GET`, {
      members: { allowed: ['GET'] },
      headers: { allow: 'GET' },
    });
  }
  return platform.oidc;
}

function cookieOf(c: Context<AppEnv>): SessionCookie {
  return departureCookie(c.get('cookie').secure, PENDING_MS / 1000);
}

function isCrossSite(platform: Platform, c: Context<AppEnv>): boolean {
  const evidence = {
    secure: c.get('tls') !== null,
    host: c.req.header('host') ?? new URL(c.req.url).host,
    secFetchSite: c.req.header('sec-fetch-site'),
    origin: c.req.header('origin'),
  };
  return findCrossSite(evidence, platform.config) !== null;
}

/** Refusals lead a browser to the sign-in page, which has words for our codes; others get the problem itself. */
async function failingToSignInPage<T>(
  c: Context<AppEnv>,
  next: string | null,
  work: () => Promise<T>,
): Promise<T | Response> {
  try {
    return await work();
  } catch (error) {
    const isPage = c.req.header('accept')?.includes('text/html') === true;
    if (!(error instanceof ServerError) || !isPage) throw error;
    return c.redirect(signInPage({ failed: error.code, ...(next === null ? {} : { next }) }), 302);
  }
}

function signInPage(search: { readonly failed?: string; readonly next?: string }): string {
  return `/portal/sign-in?${new URLSearchParams(search).toString()}`;
}

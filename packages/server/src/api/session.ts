import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { authenticateByCertificate } from '../accounts/certificate-sign-in.ts';
import { oidcSignOutUrl } from '../accounts/oidc/sign-in.ts';
import type { Session } from '../accounts/sessions.ts';
import { signIn, signOut } from '../accounts/sign-in.ts';
import { changePassword } from '../accounts/change-password.ts';
import type { User } from '../accounts/accounts.ts';
import { subjectOf, type Subject } from '../authorization/engine.ts';
import { needs, open } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { ruled } from '../http/declare.ts';
import type { AppEnv } from '../http/env.ts';
import { requestOrigin } from '../http/request-origin.ts';
import type { Platform } from '../platform.ts';
import { navigationFor, rightsFor } from '../portal/pages.ts';
import { signedIn, type Api } from './api.ts';
import { refusals, SessionInfo } from './schemas.ts';

const Credentials = z
  .strictObject({
    username: z.string().min(1).max(256),
    password: z.string().min(1).max(1024).openapi({ format: 'password' }),
  })
  .openapi('Credentials');

const answer = { 'application/json': { schema: SessionInfo } };

const signInRoute = createRoute({
  method: 'post',
  path: '/api/v1/session',
  operationId: 'signIn',
  summary: 'Sign in with a local account',
  description:
    'Sets the session cookie. A session that the request came with is ended: the id always changes.',
  tags: ['Session'],
  request: { body: { content: { 'application/json': { schema: Credentials } }, required: true } },
  responses: {
    200: { description: 'Signed in.', content: answer },
    ...refusals(401, 403, 415, 422, 429, 503),
  },
});

const readRoute = createRoute({
  method: 'get',
  path: '/api/v1/session',
  operationId: 'readSession',
  summary: 'Who is signed in',
  tags: ['Session'],
  responses: {
    200: {
      description: 'The session of the cookie, or of the client certificate.',
      content: answer,
    },
    ...refusals(401),
  },
});

const SignedOut = z
  .object({
    signOutUrl: z.url().openapi({
      description:
        "Where the browser goes to end the provider's session; it comes back to the sign-in page.",
    }),
  })
  .openapi('SignedOut');

const signOutRoute = createRoute({
  method: 'delete',
  path: '/api/v1/session',
  operationId: 'signOut',
  summary: 'Sign out',
  tags: ['Session'],
  description:
    'A session that an identity provider has opened goes on there: the answer says where the browser ends that one, too.',
  responses: {
    200: {
      description: 'The session has ended here.',
      content: { 'application/json': { schema: SignedOut } },
    },
    204: { description: 'The session has ended.' },
    ...refusals(401, 403, 503),
  },
});

const NewPassword = z
  .strictObject({
    current: z.string().min(1).max(1024).openapi({ format: 'password' }),
    next: z.string().min(1).max(1024).openapi({ format: 'password' }),
  })
  .openapi('NewPassword');

const passwordRoute = createRoute({
  method: 'put',
  path: '/api/v1/session/password',
  operationId: 'changePassword',
  summary: 'Change the password of the user who is signed in',
  description: 'Ends all other sessions of the user.',
  tags: ['Session'],
  request: { body: { content: { 'application/json': { schema: NewPassword } }, required: true } },
  responses: { 204: { description: 'Changed.' }, ...refusals(401, 403, 415, 422, 429, 503) },
});

/** Signing in and out, and the password. */
export function sessionRoutes({ app, routes, platform }: Api): void {
  passwordChange({ app, routes, platform });
  app.openapi(
    ruled(routes, signInRoute, open('it authenticates by itself, and records both outcomes')),
    async (c) => {
      const { username, password } = c.req.valid('json');
      const previous = c.get('cookie').read(c.req.header('cookie'));
      const { id, user } = await signIn(platform, {
        username,
        password,
        previous,
        facts: c.get('facts'),
      });
      c.header('set-cookie', c.get('cookie').set(id));
      const subject = subjectOf({ user, scopes: null }, c.get('facts').address);
      return c.json(describeSession(platform, user, subject), 200);
    },
  );

  app.openapi(
    ruled(routes, readRoute, open('it tells callers about their own session and nothing else')),
    async (c) => {
      const session = c.get('session') ?? (await certificateSession(platform, c));
      if (session === null) throw new ServerError('not_signed_in', 'nobody is signed in');
      if (typeof session === 'string') {
        throw new ServerError('session_expired', 'the session has ended', {
          headers: { 'set-cookie': c.get('cookie').clear() },
        });
      }
      const subject = subjectOf(session, c.get('facts').address);
      return c.json(describeSession(platform, session.user, subject), 200);
    },
  );

  app.openapi(ruled(routes, signOutRoute, needs('certServer.ca.account', 'logout')), async (c) => {
    const session = signedIn(c);
    await signOut(platform, c.get('cookie').read(c.req.header('cookie')) ?? '');
    c.header('set-cookie', c.get('cookie').clear());
    const signOutUrl = await oidcSignOutUrl(platform, session, requestOrigin(platform, c));
    return signOutUrl === null ? c.body(null, 204) : c.json({ signOutUrl }, 200);
  });
}

/** `PUT /api/v1/session/password` */
function passwordChange({ app, routes, platform }: Api): void {
  const rule = needs('certServer.ca.account', 'modify');
  app.openapi(ruled(routes, passwordRoute, rule), async (c) => {
    await changePassword(platform, signedIn(c), c.req.valid('json'), c.get('facts'));
    return c.body(null, 204);
  });
}

/** Whoever has shown a certificate is told who that is. */
async function certificateSession(platform: Platform, c: Context<AppEnv>): Promise<Session | null> {
  const tls = c.get('tls');
  return tls === null ? null : await authenticateByCertificate(platform, tls, c.get('facts'));
}

function describeSession(
  platform: Platform,
  user: User,
  subject: Subject,
): z.infer<typeof SessionInfo> {
  return {
    user: { username: user.username, name: user.name, roles: [...user.roles] },
    navigation: navigationFor(platform.engine, subject),
    rights: rightsFor(platform.engine, subject),
    logKey: platform.keys.vkeys[0] ?? '',
    origin: platform.keys.origin,
    passwordGenerated: user.passwordGenerated,
    expiringSoonDays: platform.settings.get('console.expiringSoonDays'),
  };
}

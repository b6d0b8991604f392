import { createRoute, z } from '@hono/zod-openapi';
import { beginSession } from '../../accounts/begin-session.ts';
import { signOut } from '../../accounts/sign-in.ts';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { BASES, nameOf } from './shapes.ts';

const Account = z
  .object({
    id: z.string().openapi({ example: 'caadmin' }),
    FullName: z.string(),
    Email: z.string().optional(),
    Roles: z.array(z.string()).openapi({ example: ['Administrators'] }),
  })
  .openapi('DogtagAccount');

/**
 * Signing in and out as Dogtag's clients do it: `GET /ca/v2/account/login` with a client certificate answers a session
 * cookie, with which the same certificate goes on over further connections until `GET /ca/v2/account/logout`.
 */
export function dogtagAccountRoutes({ app, routes, platform }: Api): void {
  for (const [version, base] of Object.entries(BASES)) {
    const login = createRoute({
      method: 'get',
      path: `${base}/account/login`,
      operationId: `dogtagLogin${version}`,
      summary: "Sign in as Dogtag's clients do",
      tags: ['Dogtag'],
      responses: {
        200: {
          description: 'Who it is, with a session cookie.',
          content: { 'application/json': { schema: Account } },
        },
        ...refusals(401, 403, 503),
      },
    });
    app.openapi(ruled(routes, login, needs('certServer.ca.account', 'login')), async (c) => {
      const session = signedIn(c);
      // Named after the connection: there is no session of a cookie yet.
      if (session.reference === c.get('tls')?.reference)
        c.header('set-cookie', await beginSession(platform, session, c));
      const { user } = session;
      const account = await platform.state.db
        .selectFrom('users')
        .select('email')
        .where('id', '=', user.id)
        .executeTakeFirst();
      return c.json(
        {
          id: nameOf(user),
          FullName: user.name,
          ...(typeof account?.email === 'string' ? { Email: account.email } : {}),
          // Dogtag's clients know roles as groups.
          Roles: user.roles.flatMap(
            (name) => platform.engine.current.roleOf(name)?.groups ?? [name],
          ),
        },
        200,
      );
    });

    const logout = createRoute({
      method: 'get',
      path: `${base}/account/logout`,
      operationId: `dogtagLogout${version}`,
      summary: "Sign out as Dogtag's clients do",
      tags: ['Dogtag'],
      responses: { 204: { description: 'The session has ended.' }, ...refusals(401, 403, 503) },
    });
    app.openapi(ruled(routes, logout, needs('certServer.ca.account', 'logout')), async (c) => {
      const id = c.get('cookie').read(c.req.header('cookie'));
      if (id !== null) {
        await signOut(platform, id);
        c.header('set-cookie', c.get('cookie').clear());
      }
      return c.body(null, 204);
    });
  }
}

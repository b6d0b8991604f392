import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { BASES, nameOf } from './shapes.ts';

/** Most users in one answer, as in Dogtag. */
const MAX_SIZE = 1_000;

const Users = z
  .object({
    total: z.int(),
    entries: z.array(
      z.object({
        id: z.string(),
        UserID: z.string(),
        FullName: z.string(),
        Email: z.string().optional(),
        Type: z.string().openapi({ example: 'adminType' }),
        State: z.string().openapi({ example: '1' }),
      }),
    ),
  })
  .openapi('DogtagUsers');

/** `GET /ca/v2/admin/users`: the users, in Dogtag's shape. */
export function dogtagUserRoutes({ app, routes, platform }: Api): void {
  for (const [version, base] of Object.entries(BASES)) {
    const route = createRoute({
      method: 'get',
      path: `${base}/admin/users`,
      operationId: `dogtagUsers${version}`,
      summary: "The users, as Dogtag's clients list them",
      tags: ['Dogtag'],
      request: {
        query: z.object({
          filter: z.string().max(256).optional().openapi({ description: 'Part of id or name.' }),
          start: z.coerce.number().int().min(0).optional(),
          size: z.coerce.number().int().min(1).max(MAX_SIZE).optional(),
        }),
      },
      responses: {
        200: { description: 'By id.', content: { 'application/json': { schema: Users } } },
        ...refusals(400, 401, 403, 503),
      },
    });
    app.openapi(ruled(routes, route, needs('certServer.ca.users', 'execute')), async (c) => {
      const { filter = '', start = 0, size = 20 } = c.req.valid('query');
      const rows = await platform.state.db
        .selectFrom('users')
        .select(['username', 'alias', 'name', 'email', 'kind', 'disabled'])
        .orderBy('username')
        .execute();
      const wanted = filter.toLowerCase();
      const users = rows.filter((row) =>
        [nameOf(row), row.username, row.name].some((text) => text.toLowerCase().includes(wanted)),
      );
      const entries = users.slice(start, start + size).map((row) => ({
        id: nameOf(row),
        UserID: nameOf(row),
        FullName: row.name,
        ...(row.email === null ? {} : { Email: row.email }),
        Type: row.kind === 'application' ? 'agentType' : 'adminType',
        State: row.disabled === 1 ? '0' : '1',
      }));
      return c.json({ total: users.length, entries }, 200);
    });
  }
}

import { createRoute, z } from '@hono/zod-openapi';
import { exportRules } from '../../authorization/acl/import.ts';
import { needs } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { putRule, resetRule, takeOverRules, tryRules } from '../../security/access-rules.ts';
import { changeSecurity } from '../../security/change.ts';
import type { Api } from '../api.ts';
import { refusals } from '../schemas.ts';
import { answers, callerOf, json, pathName } from './schemas.ts';

const READ = needs('certServer.acl.configuration', 'read');
const MODIFY = needs('certServer.acl.configuration', 'modify');
const BASE = '/api/v1/security/access-rules';
const tags = ['Security'];
const params = z.object({ resource: pathName('resource', 'certServer.ca.users') });

const Rule = z
  .object({
    resource: z.string(),
    operations: z.array(z.string()).readonly(),
    line: z.string().openapi({ description: "A line of Dogtag's `resourceACLS`." }),
    entries: z
      .array(
        z.object({
          type: z.enum(['allow', 'deny']),
          operations: z.array(z.string()).readonly(),
          expression: z.string(),
        }),
      )
      .readonly(),
    description: z.string(),
    changed: z.boolean().openapi({ description: "It is not the product's." }),
    updatedAt: z.string().nullable(),
    updatedBy: z.string().nullable(),
  })
  .openapi('AccessRule');

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listAccessRules',
  summary: 'The access rules in force',
  tags,
  responses: {
    200: answers('By resource.', z.object({ rules: z.array(Rule) }).openapi('AccessRules')),
    ...refusals(401, 403, 503),
  },
});

const exportRoute = createRoute({
  method: 'get',
  path: `${BASE}/export`,
  operationId: 'exportAccessRules',
  summary: "The access rules as lines of Dogtag's resourceACLS",
  tags,
  responses: {
    200: {
      description: '`resourceACLS: ` before each; the import takes it back.',
      content: { 'text/plain': { schema: z.string() } },
    },
    ...refusals(401, 403, 503),
  },
});

const importRoute = createRoute({
  method: 'post',
  path: `${BASE}/import`,
  operationId: 'importAccessRules',
  summary: "Take over access rules from lines of Dogtag's resourceACLS",
  description:
    'All or none; rules of resources that are not named stay. Every faulty line is told. Recorded as a change of each rule.',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          lines: z.string().max(65_536),
          dryRun: z.boolean().optional().openapi({ description: 'Tell, and change nothing.' }),
        })
        .openapi('AccessRuleImport'),
    ),
  },
  responses: {
    200: answers(
      'What was changed, or would be.',
      z
        .object({
          changes: z
            .array(
              z.object({ resource: z.string(), before: z.string().nullable(), after: z.string() }),
            )
            .readonly(),
          unchanged: z.int().openapi({ description: 'Rules that are in force already.' }),
        })
        .openapi('AccessRuleImported'),
    ),
    ...refusals(401, 403, 409, 413, 415, 422, 503),
  },
});

const putRoute = createRoute({
  method: 'put',
  path: `${BASE}/{resource}`,
  operationId: 'putAccessRule',
  summary: 'Put another access rule in force for a resource',
  tags,
  request: {
    params,
    body: json(z.strictObject({ line: z.string().min(1).max(16_384) }).openapi('NewAccessRule')),
  },
  responses: {
    200: answers('The rule as it is now.', Rule),
    ...refusals(401, 403, 409, 415, 422, 503),
  },
});

const resetRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{resource}`,
  operationId: 'resetAccessRule',
  summary: "Restore the product's access rule of a resource",
  tags,
  request: { params },
  responses: {
    200: answers('The rule as the product has it.', Rule),
    204: { description: 'The product has none: there is none any more.' },
    ...refusals(401, 403, 404, 409, 503),
  },
});

/** Access rules: who may do what with a resource, in Dogtag's grammar. */
export function accessRuleRoutes({ app, routes, platform }: Api): void {
  const { engine, state } = platform;

  app.openapi(ruled(routes, listRoute, READ), (c) => c.json({ rules: engine.rules() }, 200));

  app.openapi(ruled(routes, exportRoute, READ), (c) =>
    c.text(exportRules(engine.current.rules.map(({ rule }) => rule)), 200),
  );

  app.openapi(ruled(routes, importRoute, MODIFY), async (c) => {
    const { lines, dryRun = false } = c.req.valid('json');
    if (dryRun) return c.json(await tryRules(state.db, lines, c.get('facts').address), 200);
    const done = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await takeOverRules(tx, lines),
    );
    return c.json(done, 200);
  });

  app.openapi(ruled(routes, putRoute, MODIFY), async (c) => {
    const { resource } = c.req.valid('param');
    const { line } = c.req.valid('json');
    const rule = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await putRule(tx, resource, line),
    );
    return c.json(rule, 200);
  });

  app.openapi(ruled(routes, resetRoute, MODIFY), async (c) => {
    const { resource } = c.req.valid('param');
    const rule = await changeSecurity(
      platform,
      callerOf(c),
      async (tx) => await resetRule(tx, resource),
    );
    return rule === null ? c.body(null, 204) : c.json(rule, 200);
  });
}

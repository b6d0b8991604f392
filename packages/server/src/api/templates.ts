import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../authorization/admitted.ts';
import { needs } from '../authorization/rule.ts';
import { ruled } from '../http/declare.ts';
import {
  createTemplate,
  deleteTemplate,
  importTemplates,
  replaceGlobalPolicy,
  updateTemplate,
} from '../templates/change.ts';
import { DEFAULT_POLICY, type TemplatePolicy as Policy } from '../templates/policy.ts';
import { findTemplate, listTemplates, readGlobalPolicy } from '../templates/templates.ts';
import type { Api } from './api.ts';
import { refusals } from './schemas.ts';
import { answers, callerOf, json, pathName } from './security/schemas.ts';
import {
  Description,
  DisplayName,
  GlobalPolicy,
  Template,
  TemplateName,
  TemplatePolicy,
  TemplatePolicyChange,
} from './template-schemas.ts';

const READ = needs('certServer.profile.configuration', 'read');
const MODIFY = needs('certServer.profile.configuration', 'modify');
const BASE = '/api/v1/templates';
const tags = ['Templates'];
const params = z.object({ name: pathName('name', 'WebServer') });
const Templates = z.object({ templates: z.array(Template) }).openapi('Templates');

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listTemplates',
  summary: 'Templates, by name',
  tags,
  responses: { 200: answers('By name.', Templates), ...refusals(401, 403, 503) },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createTemplate',
  summary: 'Create a template; what is left out of its policy is as the product has it',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          name: TemplateName,
          displayName: DisplayName,
          description: Description.optional(),
          enabled: z.boolean().optional(),
          policy: TemplatePolicyChange.optional(),
        })
        .openapi('NewTemplate'),
    ),
  },
  responses: { 201: answers('Created.', Template), ...refusals(401, 403, 409, 415, 422, 503) },
});

const readRoute = createRoute({
  method: 'get',
  path: `${BASE}/{name}`,
  operationId: 'readTemplate',
  summary: 'One template',
  tags,
  request: { params },
  responses: { 200: answers('The template.', Template), ...refusals(401, 403, 404, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{name}`,
  operationId: 'updateTemplate',
  summary: 'Change a template; certificates issued by it stay as they are',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          displayName: DisplayName.optional(),
          description: Description.optional(),
          enabled: z.boolean().optional(),
          policy: TemplatePolicyChange.optional(),
        })
        .openapi('TemplateChange'),
    ),
  },
  responses: {
    200: answers('The template as it is now.', Template),
    ...refusals(401, 403, 404, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{name}`,
  operationId: 'deleteTemplate',
  summary: 'Delete a template; its certificates keep its name',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(401, 403, 404, 409, 503) },
});

const importRoute = createRoute({
  method: 'post',
  path: `${BASE}/import`,
  operationId: 'importTemplates',
  summary: 'Import templates of another installation; those of the same name are replaced',
  tags,
  request: {
    body: json(
      z
        .strictObject({
          templates: z
            .array(
              z.strictObject({
                name: TemplateName,
                displayName: DisplayName,
                description: Description,
                enabled: z.boolean(),
                policy: TemplatePolicy,
                createdAt: z.string().optional(),
                updatedAt: z.string().optional(),
              }),
            )
            .min(1)
            .max(100),
        })
        .openapi('TemplateImport'),
    ),
  },
  responses: { 200: answers('As they are now.', Templates), ...refusals(401, 403, 415, 422, 503) },
});

const readGlobalRoute = createRoute({
  method: 'get',
  path: '/api/v1/templates-settings',
  operationId: 'readTemplateSettings',
  summary: 'What holds for all templates',
  tags,
  responses: { 200: answers('The policy.', GlobalPolicy), ...refusals(401, 403, 503) },
});

const replaceGlobalRoute = createRoute({
  method: 'put',
  path: '/api/v1/templates-settings',
  operationId: 'replaceTemplateSettings',
  summary: 'Replace what holds for all templates',
  tags,
  request: { body: json(GlobalPolicy) },
  responses: { 200: answers('As it is now.', GlobalPolicy), ...refusals(401, 403, 415, 422, 503) },
});

/** Templates: by what rules certificates are issued. */
export function templateRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ templates: await listTemplates(db) }, 200),
  );

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { description = '', enabled = true, policy = {}, ...rest } = c.req.valid('json');
    const wanted = {
      ...rest,
      description,
      enabled,
      policy: { ...DEFAULT_POLICY, ...given(policy) },
    };
    const made = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createTemplate(tx, wanted),
    );
    return c.json(made, 201);
  });

  // Before the routes with a name in their path.
  app.openapi(ruled(routes, importRoute, MODIFY), async (c) => {
    const wanted = c.req
      .valid('json')
      .templates.map(({ createdAt: _created, updatedAt: _updated, ...template }) => template);
    const templates = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await importTemplates(tx, wanted),
    );
    return c.json({ templates }, 200);
  });

  app.openapi(ruled(routes, readRoute, READ), async (c) =>
    c.json(await findTemplate(db, c.req.valid('param').name), 200),
  );

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const { policy, ...change } = c.req.valid('json');
    const template = await changeFor(
      platform,
      callerOf(c),
      async (tx) =>
        await updateTemplate(tx, name, {
          ...change,
          ...(policy === undefined ? {} : { policy }),
        }),
    );
    return c.json(template, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteTemplate(tx, name));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, readGlobalRoute, READ), async (c) =>
    c.json(await readGlobalPolicy(db), 200),
  );

  app.openapi(ruled(routes, replaceGlobalRoute, MODIFY), async (c) => {
    const policy = c.req.valid('json');
    const now = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await replaceGlobalPolicy(tx, policy),
    );
    return c.json(now, 200);
  });
}

/** Members that were given a value. */
function given(policy: z.infer<typeof TemplatePolicyChange>): Partial<Policy> {
  return Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));
}

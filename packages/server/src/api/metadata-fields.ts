import { createRoute, z } from '@hono/zod-openapi';
import { METADATA_NAME, METADATA_TYPES } from '@countersign/records';
import { changeFor } from '../authorization/admitted.ts';
import { needs } from '../authorization/rule.ts';
import { ruled } from '../http/declare.ts';
import {
  createMetadataField,
  deleteMetadataField,
  updateMetadataField,
} from '../metadata/change-fields.ts';
import { viewMetadataFields, type MetadataFieldView } from '../metadata/fields.ts';
import type { Api } from './api.ts';
import { refusals } from './schemas.ts';
import { answers, callerOf, json, line, pathName, text } from './security/schemas.ts';

const READ = needs('certServer.metadata.types', 'read');
const MODIFY = needs('certServer.metadata.types', 'modify');
const BASE = '/api/v1/metadata-fields';
const tags = ['Metadata fields'];
const params = z.object({ name: pathName('name', 'Owner') });

const NAME_EXPECTED = '1 to 64 letters, digits, _ and -, beginning with a letter';
const Definition = {
  description: text(1_024),
  type: z.enum(METADATA_TYPES),
  hint: text(200),
  validation: z.string().min(1).max(500).nullable().openapi({
    description: 'A regular expression (JavaScript, Unicode mode) that the whole value matches.',
  }),
  message: line(200).nullable().openapi({ description: 'Said when a value does not match it.' }),
  options: z.array(line(100)).max(200).openapi({ description: 'Of type choice only.' }),
  defaultValue: z.string().min(1).max(4_000).nullable(),
  enrollment: z.enum(['optional', 'required', 'hidden']),
};

export const MetadataField = z
  .object({
    name: z.string().openapi({ example: 'Owner' }),
    ...Definition,
    options: z.array(z.string()).readonly(),
    inUse: z.int().openapi({ description: 'How many certificates have a value in it.' }),
  })
  .openapi('MetadataField');

const NewMetadataField = z
  .strictObject({
    name: z.string().regex(METADATA_NAME, NAME_EXPECTED).openapi({ example: 'Owner' }),
    description: Definition.description.default(''),
    type: Definition.type,
    hint: Definition.hint.default(''),
    validation: Definition.validation.default(null),
    message: Definition.message.default(null),
    options: Definition.options.default([]),
    defaultValue: Definition.defaultValue.default(null),
    enrollment: Definition.enrollment.default('optional'),
  })
  .openapi('NewMetadataField');

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listMetadataFields',
  summary: 'Fields that are kept beside certificates',
  tags,
  responses: {
    200: answers(
      'In their order.',
      z.object({ metadataFields: z.array(MetadataField) }).openapi('MetadataFields'),
    ),
    ...refusals(401, 403, 503),
  },
});

const addRoute = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createMetadataField',
  summary: 'Create a field',
  tags,
  request: { body: json(NewMetadataField) },
  responses: { 201: answers('Created.', MetadataField), ...refusals(401, 403, 409, 415, 422, 503) },
});

const changeRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{name}`,
  operationId: 'updateMetadataField',
  summary: 'Change a field',
  description:
    'Values that are there stay. Another type, or fewer options than are chosen, are refused while certificates have values in it.',
  tags,
  request: {
    params,
    body: json(z.strictObject(Definition).partial().openapi('MetadataFieldChange')),
  },
  responses: {
    200: answers('The field as it is now.', MetadataField),
    ...refusals(401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{name}`,
  operationId: 'deleteMetadataField',
  summary: 'Delete a field',
  description:
    'Refused while certificates have values in it, unless `force` is given: then they are deleted with it. Refused always while a collection, an alert or a template names it.',
  tags,
  request: {
    params,
    query: z.object({ force: z.enum(['true', 'false']).default('false') }),
  },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 409, 503) },
});

/** Fields that are kept beside certificates. */
export function metadataFieldRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, listRoute, READ), async (c) =>
    c.json({ metadataFields: (await viewMetadataFields(db)).map(shown) }, 200),
  );

  app.openapi(ruled(routes, addRoute, MODIFY), async (c) => {
    const wanted = c.req.valid('json');
    const field = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createMetadataField(tx, wanted),
    );
    return c.json(shown({ ...field, inUse: 0 }), 201);
  });

  app.openapi(ruled(routes, changeRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const change = c.req.valid('json');
    const field = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await updateMetadataField(tx, name, change),
    );
    const view = (await viewMetadataFields(db)).find((known) => known.name === field.name);
    return c.json(shown({ ...field, inUse: view?.inUse ?? 0 }), 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { name } = c.req.valid('param');
    const force = c.req.valid('query').force === 'true';
    await changeFor(
      platform,
      callerOf(c),
      async (tx) => await deleteMetadataField(tx, name, force),
    );
    return c.body(null, 204);
  });
}

function shown(field: MetadataFieldView): z.infer<typeof MetadataField> {
  return field;
}

import { createRoute, z } from '@hono/zod-openapi';
import { changeFor } from '../authorization/admitted.ts';
import { needs } from '../authorization/rule.ts';
import { ALERT_KINDS, findAlert, listAlerts, type Alert as AlertView } from '../alerts/alert.ts';
import { changeSchedule, createAlert, deleteAlert, updateAlert } from '../alerts/change.ts';
import { readSchedule, SCHEDULED_KINDS } from '../alerts/schedules.ts';
import { previewAlert, testAlert } from '../alerts/test-alert.ts';
import { ruled } from '../http/declare.ts';
import type { Api } from './api.ts';
import { ScheduleOrOff } from './schedule.ts';
import { refusals } from './schemas.ts';
import { answers, callerOf, json, line } from './security/schemas.ts';

const RESOURCE = 'certServer.monitoring.alerts';
const READ = needs(RESOURCE, 'read');
const MODIFY = needs(RESOURCE, 'modify');
const TEST = needs(RESOURCE, 'test');
const SCHEDULE = needs(RESOURCE, 'schedule');
const BASE = '/api/v1/alerts/{kind}';
const tags = ['Alerts'];

const Kind = z.enum(ALERT_KINDS).openapi({ param: { name: 'kind', in: 'path' } });
const kindParams = z.object({ kind: Kind });
const params = z.object({
  kind: Kind,
  id: z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'the number of an alert')
    .openapi({ param: { name: 'id', in: 'path' }, example: '3' }),
});
const scheduleParams = z.object({
  kind: z.enum(SCHEDULED_KINDS).openapi({ param: { name: 'kind', in: 'path' } }),
});

const shape = {
  displayName: line(100).openapi({ example: 'Web servers, 30 days' }),
  subject: line(200).openapi({ example: '{cn} expires in {daysLeft} days' }),
  message: z
    .string()
    .min(1)
    .max(16_384)
    .openapi({ description: 'Text; placeholders like {cn} {dn} {serial} {notAfter} {requester}.' }),
  recipients: z
    .array(z.string().min(1).max(254))
    .max(50)
    .openapi({ description: 'E-mail addresses, {requester} or {metadata:<field>}.' }),
  webhook: z
    .string()
    .min(1)
    .max(2_000)
    .nullable()
    .openapi({ example: 'https://hooks.example.com/pki' }),
  enabled: z.boolean(),
  daysBefore: z
    .int()
    .min(0)
    .max(3_650)
    .nullable()
    .openapi({ description: 'Of expiration alerts.' }),
  query: z.string().max(8_192).nullable().openapi({ description: 'Of expiration alerts.' }),
  collection: z.int().min(1).nullable().openapi({ description: 'Of expiration alerts.' }),
  template: z.string().max(200).nullable().openapi({ description: 'Of the other kinds.' }),
};

const Alert = z
  .object({
    id: z.int(),
    kind: z.enum(ALERT_KINDS),
    ...shape,
    recipients: z.array(z.string()).readonly(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Alert');

const { displayName, subject, message, ...optional } = shape;
const NewAlert = z
  .strictObject({ displayName, subject, message, ...z.object(optional).partial().shape })
  .openapi('NewAlert');
const AlertChange = z.strictObject(shape).partial().openapi('AlertChange');

const Preview = z
  .object({
    subject: z.string(),
    message: z.string(),
    recipients: z.array(z.string()).readonly(),
    unresolved: z
      .array(z.string())
      .readonly()
      .openapi({ description: 'Recipients that become no address here.' }),
    sentTo: z.string().nullable().openapi({ description: 'Your address; null: a preview only.' }),
  })
  .openapi('AlertTest');

const ScheduleBody = z
  .strictObject({ schedule: ScheduleOrOff })
  .openapi('AlertSchedule', { description: 'When alerts of the kind are sent; null: never.' });

const listRoute = createRoute({
  method: 'get',
  path: BASE,
  operationId: 'listAlerts',
  summary: 'Alerts of a kind',
  tags,
  request: { params: kindParams },
  responses: {
    200: answers('By name.', z.object({ alerts: z.array(Alert) }).openapi('Alerts')),
    ...refusals(400, 401, 403, 503),
  },
});

const createRoute_ = createRoute({
  method: 'post',
  path: BASE,
  operationId: 'createAlert',
  summary: 'Create an alert',
  tags,
  request: { params: kindParams, body: json(NewAlert) },
  responses: { 201: answers('Created.', Alert), ...refusals(400, 401, 403, 409, 415, 422, 503) },
});

const updateRoute = createRoute({
  method: 'patch',
  path: `${BASE}/{id}`,
  operationId: 'updateAlert',
  summary: 'Change an alert',
  tags,
  request: { params, body: json(AlertChange) },
  responses: {
    200: answers('The alert as it is now.', Alert),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const deleteRoute = createRoute({
  method: 'delete',
  path: `${BASE}/{id}`,
  operationId: 'deleteAlert',
  summary: 'Delete an alert, and what of it is not sent yet',
  tags,
  request: { params },
  responses: { 204: { description: 'Deleted.' }, ...refusals(400, 401, 403, 404, 503) },
});

const testRoute = createRoute({
  method: 'post',
  path: `${BASE}/{id}/test`,
  operationId: 'testAlert',
  summary: 'See what an alert would say, and have it sent to yourself',
  tags,
  request: {
    params,
    body: json(
      z
        .strictObject({
          send: z.boolean().openapi({ description: 'False: only the preview; nothing is sent.' }),
        })
        .openapi('AlertTestRequest'),
    ),
  },
  responses: {
    200: answers('What it says of the newest that it could be about.', Preview),
    ...refusals(400, 401, 403, 404, 409, 415, 422, 503),
  },
});

const readScheduleRoute = createRoute({
  method: 'get',
  path: `${BASE}/schedule`,
  operationId: 'readAlertSchedule',
  summary: 'When alerts of a kind are sent',
  tags,
  request: { params: scheduleParams },
  responses: { 200: answers('The schedule.', ScheduleBody), ...refusals(400, 401, 403, 503) },
});

const changeScheduleRoute = createRoute({
  method: 'put',
  path: `${BASE}/schedule`,
  operationId: 'changeAlertSchedule',
  summary: 'Say when alerts of a kind are sent',
  tags,
  request: { params: scheduleParams, body: json(ScheduleBody) },
  responses: {
    200: answers('The schedule.', ScheduleBody),
    ...refusals(400, 401, 403, 415, 422, 503),
  },
});

/** `/api/v1/alerts/…` */
export function alertRoutes({ app, routes, platform }: Api): void {
  const { db } = platform.state;

  app.openapi(ruled(routes, readScheduleRoute, READ), async (c) => {
    const { kind } = c.req.valid('param');
    return c.json({ schedule: ScheduleOrOff.parse(await readSchedule(db, kind)) }, 200);
  });

  app.openapi(ruled(routes, changeScheduleRoute, SCHEDULE), async (c) => {
    const { kind } = c.req.valid('param');
    const { schedule } = c.req.valid('json');
    await changeFor(platform, callerOf(c), async (tx) => await changeSchedule(tx, kind, schedule));
    return c.json({ schedule }, 200);
  });

  app.openapi(ruled(routes, listRoute, READ), async (c) => {
    const { kind } = c.req.valid('param');
    return c.json({ alerts: await listAlerts(db, kind) }, 200);
  });

  app.openapi(ruled(routes, createRoute_, MODIFY), async (c) => {
    const { kind } = c.req.valid('param');
    const given = c.req.valid('json');
    const wanted = {
      ...given,
      recipients: given.recipients ?? [],
      webhook: given.webhook ?? null,
      enabled: given.enabled ?? true,
      daysBefore: given.daysBefore ?? null,
      query: given.query ?? null,
      collection: given.collection ?? null,
      template: given.template ?? null,
    };
    const alert = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await createAlert(tx, kind, wanted),
    );
    return c.json(alert, 201);
  });

  app.openapi(ruled(routes, updateRoute, MODIFY), async (c) => {
    const { kind, id } = c.req.valid('param');
    const change = c.req.valid('json');
    const alert: AlertView = await changeFor(
      platform,
      callerOf(c),
      async (tx) => await updateAlert(tx, kind, Number(id), change),
    );
    return c.json(alert, 200);
  });

  app.openapi(ruled(routes, deleteRoute, MODIFY), async (c) => {
    const { kind, id } = c.req.valid('param');
    await changeFor(platform, callerOf(c), async (tx) => await deleteAlert(tx, kind, Number(id)));
    return c.body(null, 204);
  });

  app.openapi(ruled(routes, testRoute, TEST), async (c) => {
    const { kind, id } = c.req.valid('param');
    const { send } = c.req.valid('json');
    const alert = await findAlert(db, kind, Number(id));
    const preview = await previewAlert(platform, alert);
    const { subject: title, text, recipients, unresolved } = preview;
    const sentTo = send ? await testAlert(platform, callerOf(c), alert, preview) : null;
    return c.json({ subject: title, message: text, recipients, unresolved, sentTo }, 200);
  });
}

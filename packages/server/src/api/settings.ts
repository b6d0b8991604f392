import { createRoute, z } from '@hono/zod-openapi';
import { needs } from '../authorization/rule.ts';
import { ruled } from '../http/declare.ts';
import { changeFor } from '../authorization/admitted.ts';
import { SETTING_NAMES, SETTING_TABS } from '../settings/definitions.ts';
import type { Api } from './api.ts';
import { refusals } from './schemas.ts';
import { answers, callerOf, json } from './security/schemas.ts';

const READ = needs('certServer.settings.application', 'read');
const MODIFY = needs('certServer.settings.application', 'modify');
const PATH = '/api/v1/settings';
const tags = ['Settings'];

const Value = z.union([z.string(), z.number(), z.boolean()]).nullable();

const Settings = z
  .object({
    settings: z.array(
      z.object({
        name: z.enum(SETTING_NAMES),
        displayName: z.string(),
        description: z.string(),
        tab: z.enum(SETTING_TABS),
        type: z.enum(['string', 'integer', 'boolean', 'choice', 'secret']),
        value: Value.openapi({ description: 'What it is; null for a secret.' }),
        default: Value,
        isSet: z
          .boolean()
          .openapi({ description: 'Somebody has set it; for a secret: there is one.' }),
        options: z.array(z.string()).readonly().optional(),
        minimum: z.number().optional(),
        maximum: z
          .number()
          .optional()
          .openapi({ description: 'The highest number, or the most characters.' }),
      }),
    ),
  })
  .openapi('Settings');

const ChangedSettings = Settings.extend({
  changed: z.array(z.enum(SETTING_NAMES)).openapi({ description: 'Those that were other before.' }),
}).openapi('ChangedSettings');

const Change = z.record(z.string(), Value).openapi('SettingsChange', {
  description: 'Names and values; null: the default again. What is left out stays.',
  example: { 'certificates.pageSize': 100 },
});

const readRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'readSettings',
  summary: 'The application settings',
  tags,
  responses: { 200: answers('All of them.', Settings), ...refusals(401, 403, 503) },
});

const changeRoute = createRoute({
  method: 'patch',
  path: PATH,
  operationId: 'changeSettings',
  summary: 'Change application settings',
  description:
    'They hold at once. Each that is other than before is recorded, with its value before and after; those of the mail ' +
    'server as one record of category SMTP. A secret is kept by the vault and never shown.',
  tags,
  request: { body: json(Change) },
  responses: {
    200: answers('All of them, as they are now.', ChangedSettings),
    ...refusals(400, 401, 403, 415, 422, 503),
  },
});

/** `GET` and `PATCH /api/v1/settings` */
export function settingRoutes({ app, routes, platform }: Api): void {
  const { settings, clock } = platform;

  app.openapi(ruled(routes, readRoute, READ), async (c) =>
    c.json({ settings: settings.list() }, 200),
  );

  app.openapi(ruled(routes, changeRoute, MODIFY), async (c) => {
    const changes = c.req.valid('json');
    const changed = await changeFor(platform, callerOf(c), async (tx) => {
      tx.committed(() => platform.alerts.settingsChanged());
      return await settings.change(tx, tx.caller, changes, clock());
    });
    return c.json({ settings: settings.list(), changed }, 200);
  });
}

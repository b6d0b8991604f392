import { createRoute, z } from '@hono/zod-openapi';
import { EVENT_NAMES, EVENTS } from '@countersign/records';
import { CONFIGURE_AUDIT, READ_CATALOGUE } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import { readNames } from '../../pki/distinguished-name.ts';
import type { Platform } from '../../platform.ts';
import { eventStatuses } from '../../recording/selection.ts';
import {
  changeConfiguration,
  readConfiguration,
  type AuditConfiguration,
} from '../../signed-audit/configuration.ts';
import { CURRENT_FILE } from '../../signed-audit/file-names.ts';
import { FILE_SETTING_RANGES, type FileSettings } from '../../signed-audit/settings.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';

const FileSettingsShape = {
  bufferSize: setting('bufferSize', 'Characters that may wait before they are signed and written.'),
  flushInterval: setting('flushInterval', 'Seconds a line may wait; 0: until the buffer is full.'),
  maxFileSize: setting('maxFileSize', 'KB after which a file is set aside; 0: never.'),
  rolloverInterval: setting('rolloverInterval', 'Seconds after which it is; 0: never.'),
};

export const Configuration = z
  .object({
    events: z.array(
      z.object({
        event: z.string(),
        title: z.string(),
        group: z.string(),
        status: z.enum(['mandatory', 'enabled', 'disabled']),
        filter: z.string().nullable().openapi({
          description: 'Only what matches is recorded (RFC 4515); null: everything.',
          example: '(Outcome=Failure)',
        }),
      }),
    ),
    files: z.object({
      enabled: z.boolean(),
      ...FileSettingsShape,
      eventNames: z.enum(EVENT_NAMES),
      current: z.string().openapi({ description: 'The file that is written to.' }),
      signingCertificate: z.string().openapi({ description: 'Its subject.' }),
    }),
  })
  .openapi('AuditConfiguration');

const Change = z
  .strictObject({
    events: z
      .record(
        z.string(),
        z.strictObject({
          enabled: z.boolean().optional(),
          filter: z.string().nullable().optional(),
        }),
      )
      .optional(),
    files: z.strictObject(FileSettingsShape).partial().optional(),
  })
  .openapi('AuditConfigurationChange');

const PATH = '/api/v1/audit/configuration';
const answer = {
  200: {
    description: 'The configuration.',
    content: { 'application/json': { schema: Configuration } },
  },
};

const readRoute = createRoute({
  method: 'get',
  path: PATH,
  operationId: 'readAuditConfiguration',
  summary: 'Which events of the server are recorded, and how signed audit files are written',
  tags: ['Audit log'],
  responses: { ...answer, ...refusals(401, 403, 503) },
});

const changeRoute = createRoute({
  method: 'patch',
  path: PATH,
  operationId: 'changeAuditConfiguration',
  summary: 'Select, deselect or filter events; set how signed audit files are written',
  description:
    'Holds at once. What is left out stays as it is; a filter of null is none. Mandatory events are always recorded. ' +
    'Recorded as CONFIG_SIGNED_AUDIT with the whole configuration before and after; a refusal, too.',
  tags: ['Audit log'],
  request: { body: { content: { 'application/json': { schema: Change } }, required: true } },
  responses: { ...answer, ...refusals(400, 401, 403, 409, 415, 422, 503) },
});

/** `GET` and `PATCH /api/v1/audit/configuration` */
export function auditConfigurationRoutes({ app, routes, platform }: Api): void {
  const signingCertificate = readNames(platform.pki.auditSigning.certificate.raw).subject;
  const show = (configuration: AuditConfiguration) =>
    describe(platform, configuration, signingCertificate);

  app.openapi(ruled(routes, readRoute, READ_CATALOGUE), async (c) =>
    c.json(show(await readConfiguration(platform.state.db)), 200),
  );

  app.openapi(ruled(routes, changeRoute, CONFIGURE_AUDIT), async (c) => {
    const { events = {}, files = {} } = c.req.valid('json');
    const asking = { session: signedIn(c), facts: c.get('facts') };
    const changed = await changeConfiguration(platform, asking, { events, files }, (event, part) =>
      part === null ? `events.${event}` : `events.${event}.${part}`,
    );
    return c.json(show(changed), 200);
  });
}

function describe(
  { config }: Platform,
  { choices, files }: AuditConfiguration,
  signingCertificate: string,
): z.infer<typeof Configuration> {
  const definitions = new Map(EVENTS.map((definition) => [definition.name, definition]));
  return {
    events: eventStatuses(choices).map(({ event, status, filter }) => ({
      event,
      title: definitions.get(event)?.title ?? event,
      group: definitions.get(event)?.group ?? '',
      status,
      filter,
    })),
    files: {
      enabled: true,
      ...files,
      eventNames: config.eventNames,
      current: CURRENT_FILE,
      signingCertificate,
    },
  };
}

function setting(name: keyof FileSettings, description: string) {
  const [least, most] = FILE_SETTING_RANGES[name];
  return z.int().min(least).max(most).openapi({ description });
}

import { createRoute, z } from '@hono/zod-openapi';
import { EVENTS } from '@countersign/records';
import { CONFIGURE_AUDIT, READ_CATALOGUE, READ_LOG } from '../../authorization/rule.ts';
import { ServerError, type FieldFault } from '../../errors.ts';
import { ruled } from '../../http/declare.ts';
import { eventStatuses, mandatoryEvent, type EventChange } from '../../recording/selection.ts';
import {
  changeConfiguration,
  readConfiguration,
  recordRefusal,
  type AuditChange,
  type AuditConfiguration,
} from '../../signed-audit/configuration.ts';
import { FILE_SETTING_RANGES } from '../../signed-audit/settings.ts';
import { signedIn, type Api } from '../api.ts';
import { fileRoute } from '../audit/files.ts';
import { refusals } from '../schemas.ts';
import { BASES } from './shapes.ts';

/** AuditConfig as Dogtag spells it, in mixed case. */
export const DogtagAuditConfig = z
  .object({
    Status: z.string().openapi({ example: 'Enabled' }),
    Signed: z.boolean(),
    Interval: z.int().openapi({ description: 'Seconds a line may wait.' }),
    bufferSize: z.int(),
    Events: z
      .record(z.string(), z.string())
      .openapi({ example: { AUTHZ: 'mandatory', OCSP_GENERATION: 'enabled' } }),
  })
  .openapi('DogtagAuditConfig');

const [leastInterval, mostInterval] = FILE_SETTING_RANGES.flushInterval;
const [leastBuffer, mostBuffer] = FILE_SETTING_RANGES.bufferSize;
const DogtagAuditChange = z
  .strictObject({
    Status: z.string().optional(),
    Signed: z.boolean().optional(),
    Interval: z.int().min(leastInterval).max(mostInterval).optional(),
    bufferSize: z.int().min(leastBuffer).max(mostBuffer).optional(),
    Events: z.record(z.string(), z.string()).optional(),
  })
  .openapi('DogtagAuditConfigChange');

export const DogtagAuditFiles = z
  .object({ total: z.int(), entries: z.array(z.object({ name: z.string(), size: z.int() })) })
  .openapi('DogtagAuditFiles');

const config = {
  200: {
    description: 'The configuration.',
    content: { 'application/json': { schema: DogtagAuditConfig } },
  },
};

/** `/ca/v2/audit` and below, and the same at `/ca/rest`: audit configuration and files in Dogtag's shapes. */
export function dogtagAuditRoutes(api: Api): void {
  const { app, routes, platform } = api;
  for (const [version, base] of Object.entries(BASES)) {
    const path = `${base}/audit`;
    const tags = ['Dogtag'];
    const readRoute = createRoute({
      method: 'get',
      path,
      operationId: `dogtagAudit${version}`,
      summary: 'The audit configuration, as Dogtag’s clients show it',
      tags,
      responses: { ...config, ...refusals(401, 403, 503) },
    });
    app.openapi(ruled(routes, readRoute, READ_CATALOGUE), async (c) =>
      c.json(show(await readConfiguration(platform.state.db)), 200),
    );

    const changeRoute = createRoute({
      method: 'patch',
      path,
      operationId: `dogtagChangeAudit${version}`,
      summary: 'Change the audit configuration, as Dogtag’s clients do',
      description:
        'Events, when they are there, must be all there are; only `enabled` and `disabled` change into each other. ' +
        'Holds at once.',
      tags,
      request: {
        body: { content: { 'application/json': { schema: DogtagAuditChange } }, required: true },
      },
      responses: { ...config, ...refusals(400, 401, 403, 409, 415, 422, 503) },
    });
    app.openapi(ruled(routes, changeRoute, CONFIGURE_AUDIT), async (c) => {
      const body = c.req.valid('json');
      const asking = { session: signedIn(c), facts: c.get('facts') };
      let change: AuditChange;
      try {
        change = readChange(body);
      } catch (error) {
        if (error instanceof ServerError && error.code === 'event_mandatory')
          await recordRefusal(platform, asking, 'modify', error.message);
        throw error;
      }
      const changed = await changeConfiguration(platform, asking, change, (e) => `Events.${e}`);
      return c.json(show(changed), 200);
    });

    const actionRoute = createRoute({
      method: 'post',
      path,
      operationId: `dogtagSwitchAudit${version}`,
      summary: 'Refuse to switch the audit log off',
      description:
        'The log is always on: `enable` changes nothing, `disable` is refused and recorded.',
      tags,
      request: { query: z.object({ action: z.enum(['enable', 'disable']) }) },
      responses: { ...config, ...refusals(400, 401, 403, 409, 503) },
    });
    app.openapi(ruled(routes, actionRoute, CONFIGURE_AUDIT), async (c) => {
      if (c.req.valid('query').action === 'disable') {
        const refusal = alwaysOn('action', '"enable"', 'disable');
        const asking = { session: signedIn(c), facts: c.get('facts') };
        await recordRefusal(platform, asking, 'disable', refusal.message);
        throw refusal;
      }
      return c.json(show(await readConfiguration(platform.state.db)), 200);
    });

    const filesRoute = createRoute({
      method: 'get',
      path: `${path}/files`,
      operationId: `dogtagAuditFiles${version}`,
      summary: 'The signed audit files, as Dogtag’s clients list them',
      tags,
      responses: {
        200: {
          description: 'Oldest first, the current one last.',
          content: { 'application/json': { schema: DogtagAuditFiles } },
        },
        ...refusals(401, 403, 429, 503),
      },
    });
    app.openapi(ruled(routes, filesRoute, READ_LOG), async (c) => {
      const files = await platform.signedAudit.list();
      const entries = files.map(({ name, size }) => ({ name, size }));
      return c.json({ total: entries.length, entries }, 200);
    });

    fileRoute(api, {
      path: `${path}/files/{name}`,
      operationId: `dogtagAuditFile${version}`,
      summary: 'A signed audit file, as Dogtag’s clients fetch it',
      tags,
    });
  }
}

function show({ choices, files }: AuditConfiguration): z.infer<typeof DogtagAuditConfig> {
  const events = eventStatuses(choices).sort((a, b) => (a.event < b.event ? -1 : 1));
  return {
    Status: 'Enabled',
    Signed: true,
    Interval: files.flushInterval,
    bufferSize: files.bufferSize,
    Events: Object.fromEntries(events.map(({ event, status }) => [event, status])),
  };
}

/**
 * What a PATCH changes.
 *
 * @throws ServerError `request_invalid` naming every faulty event, `event_mandatory`
 */
function readChange(body: z.infer<typeof DogtagAuditChange>): AuditChange {
  const { Status, Signed, Interval, bufferSize, Events } = body;
  if (Status !== undefined && Status !== 'Enabled') throw alwaysOn('Status', '"Enabled"', Status);
  if (Signed === false) throw alwaysOn('Signed', 'true', 'false');
  const files = { flushInterval: Interval, bufferSize };
  return Events === undefined ? { files } : { files, events: readEvents(Events) };
}

function readEvents(wanted: Readonly<Record<string, string>>): Record<string, EventChange> {
  const faults: FieldFault[] = [];
  const changes: Record<string, EventChange> = {};
  const states = new Map(Object.entries(wanted));
  for (const { name, selectable } of EVENTS) {
    const state = states.get(name);
    states.delete(name);
    const field = `Events.${name}`;
    const expected = selectable ? '"enabled" or "disabled"' : '"mandatory"';
    if (state === undefined) {
      faults.push({ field, expected, got: 'nothing: an event cannot be removed' });
    } else if (state === 'enabled' || state === 'disabled') {
      if (!selectable) throw mandatoryEvent(name, field, `"${state}"`);
      changes[name] = { enabled: state === 'enabled' };
    } else if (selectable || state !== 'mandatory') {
      faults.push({ field, expected, got: `"${state.slice(0, 80)}"` });
    }
  }
  for (const name of states.keys()) {
    const field = `Events.${name.slice(0, 80)}`;
    faults.push({ field, expected: 'no further event', got: 'a value' });
  }
  if (faults.length === 0) return changes;
  const detail = faults.map((f) => `${f.field}: expected ${f.expected}, got ${f.got}`).join('; ');
  throw new ServerError('request_invalid', detail, { members: { in: 'body', errors: faults } });
}

function alwaysOn(field: string, expected: string, got: string): ServerError {
  return new ServerError(
    'event_mandatory',
    `${field}: expected ${expected}, got "${got}": the audit log cannot be switched off, nor its signatures`,
    { members: { errors: [{ field, expected, got }] } },
  );
}

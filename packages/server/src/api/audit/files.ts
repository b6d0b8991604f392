import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { READ_LOG } from '../../authorization/rule.ts';
import { faultyParameter, ServerError } from '../../errors.ts';
import { decidedOn, ruled } from '../../http/declare.ts';
import type { AppEnv } from '../../http/env.ts';
import { durable } from '../../http/pending.ts';
import type { Platform } from '../../platform.ts';
import { logUsed } from '../../recording/events.ts';
import { signedIn, type Api } from '../api.ts';
import { refusals } from '../schemas.ts';

export const AuditFiles = z
  .object({
    files: z.array(
      z.object({
        name: z.string().openapi({ example: 'ca_audit.20261122050000' }),
        size: z.int(),
        modifiedAt: z.string(),
        current: z.boolean().openapi({ description: 'The one that is written to.' }),
      }),
    ),
  })
  .openapi('AuditFiles');

const FileNameParam = z.object({
  name: z.string().openapi({ param: { name: 'name', in: 'path' }, example: 'ca_audit' }),
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/audit/files',
  operationId: 'listAuditFiles',
  summary: 'The signed audit files, oldest first, the current one last',
  tags: ['Audit log'],
  responses: {
    200: { description: 'The files.', content: { 'application/json': { schema: AuditFiles } } },
    ...refusals(401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/files` and `…/{name}` */
export function auditFileRoutes(api: Api): void {
  const { app, routes, platform } = api;
  app.openapi(ruled(routes, listRoute, READ_LOG), async (c) => {
    const files = await platform.signedAudit.list();
    const shown = files.map((file) => ({ ...file, modifiedAt: file.modifiedAt.toISOString() }));
    return c.json({ files: shown }, 200);
  });

  fileRoute(api, {
    path: '/api/v1/audit/files/{name}',
    operationId: 'readAuditFile',
    summary: 'A signed audit file',
    tags: ['Audit log'],
  });
}

/** Declares a route that answers with the signed audit file `{name}`. */
export function fileRoute(
  { app, routes, platform }: Api,
  told: { path: string; operationId: string; summary: string; tags: string[] },
): void {
  const route = createRoute({
    ...told,
    method: 'get',
    description:
      'In the format of Dogtag, with everything recorded until now. Verify it with `countersign dogtag verify` or ' +
      'AuditVerify. The download is recorded as AUDIT_LOG_EXPORT.',
    request: { params: FileNameParam },
    responses: {
      200: {
        description: 'Its bytes: whole lines, the last a signature.',
        content: { 'application/octet-stream': { schema: z.string() } },
      },
      ...refusals(400, 401, 403, 404, 429, 503),
    },
  });
  const { path } = told;
  // The framework has no type for an answer of bytes: the route is described and declared apart.
  app.openAPIRegistry.registerPath(route);
  routes.add({ method: 'GET', pattern: path, type: 'API Endpoint', rule: READ_LOG });
  app.get(
    path.replace('{name}', ':name'),
    decidedOn('GET', path),
    async (c) => await sendFile(c, platform, c.req.param('name') ?? ''),
  );
}

/**
 * Answers with a signed audit file. That it leaves the house is recorded before its first byte does.
 *
 * @throws ServerError `parameter_invalid` for a name with a path, `not_found`
 */
async function sendFile(c: Context<AppEnv>, platform: Platform, name: string): Promise<Response> {
  if (/[/\\\0]/.test(name) || name === '.' || name === '..')
    throw faultyParameter('name', 'the name of a file without a path', name.slice(0, 200));
  // What is sent has this request's own check in it.
  await durable(c);
  const file = await platform.signedAudit.openFile(name);
  if (file === null)
    throw new ServerError('not_found', `there is no signed audit file "${name.slice(0, 200)}"`);
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(file.size),
    'content-disposition': `attachment; filename="${name}"`,
  };
  // HEAD asks what would come: nothing leaves the house.
  if (c.get('facts').verb === 'HEAD') return c.body(null, 200, headers);
  await recordExport(c, platform, name);
  return c.body(ReadableStream.from(file.read()), 200, headers);
}

async function recordExport(
  c: Context<AppEnv>,
  { recorder }: Platform,
  name: string,
): Promise<void> {
  const details = [
    ['Format', 'dogtag'],
    ['File', name],
  ] as const;
  await recorder.record(logUsed('AUDIT_LOG_EXPORT', signedIn(c), c.get('facts'), details));
}

import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { auditConfigurationRoutes } from './api/audit/configuration.ts';
import { auditFileRoutes } from './api/audit/files.ts';
import { authorityRoutes } from './api/authorities/index.ts';
import { publicationRoutes } from './api/authorities/publication.ts';
import { catalogueRoute } from './api/audit/catalogue.ts';
import { erasureRoutes } from './api/audit/erasures.ts';
import { exportRoute } from './api/audit/export.ts';
import { facetsRoute } from './api/audit/facets.ts';
import { healthRoutes } from './api/audit/health.ts';
import { histogramRoute } from './api/audit/histogram.ts';
import { proofRoute } from './api/audit/proof.ts';
import { recordRoute } from './api/audit/record.ts';
import { recordsRoute } from './api/audit/records.ts';
import { reconciliationRoutes } from './api/reconciliation.ts';
import { verificationRoutes } from './api/audit/verification.ts';
import { logFileRoutes } from './api/log-files.ts';
import { openApiRoute } from './api/openapi.ts';
import { oidcRoutes } from './api/oidc.ts';
import { producerRoutes } from './api/producers.ts';
import { certificateOperationRoutes } from './api/certificates/index.ts';
import { certificateListRoutes } from './api/certificates/list.ts';
import { metadataFieldRoutes } from './api/metadata-fields.ts';
import { collectionRoutes } from './api/collections.ts';
import { dogtagAuditRoutes } from './api/dogtag/audit.ts';
import { dogtagAccountRoutes } from './api/dogtag/account.ts';
import { dogtagUserRoutes } from './api/dogtag/users.ts';
import { securityRoutes } from './api/security/index.ts';
import { alertRoutes } from './api/alerts.ts';
import { settingRoutes } from './api/settings.ts';
import { templateRoutes } from './api/templates.ts';
import { storesRoutes } from './api/stores/index.ts';
import { sessionRoutes } from './api/session.ts';
import { tokenRoutes } from './api/tokens.ts';
import { createGuard, SignInFirst } from './authorization/guard.ts';
import { PROBLEMS, ServerError } from './errors.ts';
import { createContext, createHostCheck } from './http/context.ts';
import type { AppEnv } from './http/env.ts';
import { refuseFaults } from './http/faults.ts';
import { jsonBodies } from './http/json-body.ts';
import { renderProblem, toServerError } from './http/problem.ts';
import { RouteTable } from './http/route-table.ts';
import type { Platform } from './platform.ts';
import { errorPage } from './portal/error-page.ts';
import { portalPage, portalRoutes } from './portal/routes.ts';

/** The application and the table of everything it answers. */
export interface App {
  readonly app: OpenAPIHono<AppEnv>;
  readonly routes: RouteTable;
}

/** Puts the application together: context, host check, the guard, body checks, then the routes. */
export function createApp(platform: Platform): App {
  const logger = platform.loggers('server:http');
  const routes = new RouteTable();
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw refuseFaults(result.target, result.error, faultyData(result));
    },
  });

  app.onError(async (thrown, c) => {
    const { id, type } = c.get('facts');
    if (thrown instanceof SignInFirst) return redirectToSignIn(thrown);
    const error = toServerError(thrown, logger, id);
    return type === 'Portal Page'
      ? await renderPage(platform, c, error, id)
      : renderProblem(error, id);
  });
  app.use('*', createContext(platform));
  app.use('*', createHostCheck(platform));
  app.use('*', createGuard(platform, routes));
  app.use('/api/*', jsonBodies());
  app.use('/ca/*', jsonBodies());

  const api = { app, routes, platform };
  sessionRoutes(api);
  oidcRoutes(api);
  tokenRoutes(api);
  dogtagAccountRoutes(api);
  dogtagUserRoutes(api);
  dogtagAuditRoutes(api);
  recordsRoute(api);
  recordRoute(api);
  proofRoute(api);
  facetsRoute(api);
  histogramRoute(api);
  catalogueRoute(api);
  healthRoutes(api);
  verificationRoutes(api);
  reconciliationRoutes(api);
  exportRoute(api);
  auditConfigurationRoutes(api);
  auditFileRoutes(api);
  erasureRoutes(api);
  producerRoutes(api);
  securityRoutes(api);
  settingRoutes(api);
  alertRoutes(api);
  templateRoutes(api);
  certificateOperationRoutes(api);
  certificateListRoutes(api);
  authorityRoutes(api);
  publicationRoutes(api);
  metadataFieldRoutes(api);
  collectionRoutes(api);
  storesRoutes(api);
  logFileRoutes(api);
  openApiRoute(api);
  portalRoutes(app, routes, platform);
  return { app, routes };
}

/** Refusals of pages are pages: the portal's own where it can say it, plain ones otherwise. */
async function renderPage(
  platform: Platform,
  c: Context<AppEnv>,
  error: ServerError,
  requestId: string,
): Promise<Response> {
  const { status, title } = PROBLEMS[error.code];
  try {
    if (error.code === 'access_denied') {
      return await portalPage(platform, 403, { ...error.members, requestId });
    }
    if (error.code === 'not_found' && c.req.header('accept')?.includes('text/html') === true) {
      return await portalPage(platform, 404);
    }
  } catch (failure) {
    // Without a build of the portal the refusal is still told, in plain HTML.
    if (!(failure instanceof ServerError)) throw failure;
  }
  const html = errorPage({ title, detail: error.message, code: error.code, requestId });
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...error.headers,
    },
  });
}

function redirectToSignIn(signIn: SignInFirst): Response {
  const headers = new Headers({ location: signIn.location, 'cache-control': 'no-store' });
  if (signIn.setCookie !== null) headers.set('set-cookie', signIn.setCookie);
  return new Response(null, { status: 302, headers });
}

/** The validator hands on what it looked at, beside the error. */
function faultyData(result: object): unknown {
  return 'data' in result ? result.data : undefined;
}

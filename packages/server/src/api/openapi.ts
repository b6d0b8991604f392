import type { OpenAPIHono } from '@hono/zod-openapi';
import { open } from '../authorization/rule.ts';
import { decidedOn } from '../http/declare.ts';
import type { AppEnv } from '../http/env.ts';
import { VERSION } from '../version.ts';
import type { Api } from './api.ts';

/** `GET /openapi.json`: the API as the schemas that validate it describe it. */
export function openApiRoute({ app, routes }: Api): void {
  const path = '/openapi.json';
  routes.add({
    method: 'GET',
    pattern: path,
    type: 'API Endpoint',
    rule: open('the description of the interface is no secret'),
  });
  let document: string | null = null;
  app.get(path, decidedOn('GET', path), (c) => {
    document ??= formatOpenApi(app);
    return c.body(document, 200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache',
    });
  });
}

/** The OpenAPI 3.1 document as text, the same for every server of this version. */
export function formatOpenApi(app: OpenAPIHono<AppEnv>): string {
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Countersign',
      version: VERSION,
      description:
        'The audit log of a PKI that anyone can verify. Every refusal is a problem document (RFC 9457) with a stable ' +
        '`code`; every check of a right, and every reading of the log, is itself a record. Over ' +
        "HTTPS a client certificate that is a user's does instead of a session.",
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    tags: [
      { name: 'Session', description: 'Signing in and out. The session is a cookie.' },
      {
        name: 'Audit log',
        description: 'Searching, reading, proving, exporting, verifying. Auditors only.',
      },
      { name: 'Account', description: 'What users do about themselves: API tokens.' },
      { name: 'Dogtag', description: "What Dogtag's clients ask of a CA, in Dogtag's shapes." },
      {
        name: 'Security',
        description:
          'Who may do what: identities, roles, claims, access rules, applications, reviews.',
      },
      {
        name: 'Certificate stores',
        description: 'Where certificates are used: on machines, in files; what is done there.',
      },
      { name: 'Producers', description: 'Appending records from outside.' },
    ],
    security: [{ session: [] }, { apiToken: [] }, { application: [] }],
  });
  document.components = {
    ...document.components,
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'countersign',
        description: 'Set by signing in; named `__Host-countersign` behind https.',
      },
      apiToken: { type: 'http', scheme: 'bearer', description: 'An API token of a user.' },
      application: {
        type: 'http',
        scheme: 'basic',
        description: 'Key and secret of an API application.',
      },
      producerToken: { type: 'http', scheme: 'bearer', description: 'The token of one producer.' },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

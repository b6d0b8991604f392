import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer as createPlainServer, request as requestPlain } from 'node:http';
import { createServer, request as requestTls, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { issue } from '../pki/issue.ts';

/** Somebody who has an account at the provider. */
export interface ProviderPerson {
  readonly subject: string;
  /** What the provider says of him, at its userinfo endpoint. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** One request that the provider was sent, as it came. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Changes an answer of the provider's on its way out. */
export type Lie = (answer: Record<string, unknown>) => Record<string, unknown>;

const CLIENT = { id: 'countersign', secret: 'a-secret-that-only-both-of-us-know' } as const;
const KEY_ID = 'signing';
/** Everything about a person that tests hang roles on. */
const PROFILE = 'name preferred_username upn groups oid roles realm_access resource_access'.split(
  ' ',
);

/**
 * A real OpenID Connect provider over HTTPS in this process. Whoever comes is signed in as `person` without being
 * asked. A front before it sees every request and may change answers, which is how tests make it lie.
 */
export class IdentityProvider {
  readonly issuer: string;
  /** PEM: the authority of its certificate. */
  readonly ca: string;
  readonly clientId = CLIENT.id;
  readonly clientSecret = CLIENT.secret;
  person: ProviderPerson = { subject: 'subject-1', claims: {} };
  readonly seen: SeenRequest[] = [];
  /** By path; every answer with JSON there goes through it. */
  readonly lies = new Map<string, Lie>();
  /** A status that every request is answered with, or null. */
  brokenWith: number | null = null;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  readonly #front: Server;
  readonly #port: number;
  #inner: ReturnType<typeof createPlainServer> | null = null;

  private constructor(front: Server, port: number, ca: string) {
    this.#front = front;
    this.#port = port;
    this.ca = ca;
    this.issuer = `https://localhost:${port}`;
    front.on('request', (request: IncomingMessage, answer: ServerResponse) => {
      void this.#pass(request, answer);
    });
  }

  /** Listens; `register` says whose client it has. */
  static async start(): Promise<IdentityProvider> {
    const now = new Date();
    const authority = await issue(
      { purpose: 'authority', subject: [['CN', 'Test provider CA']], now },
      null,
    );
    const subject = [['CN', 'localhost']] as const;
    const own = await issue({ purpose: 'server', subject, names: ['localhost'], now }, authority);
    const front = createServer({ key: own.pem, cert: own.pem });
    await listen(front, 0);
    const { port } = front.address() as AddressInfo;
    return new IdentityProvider(front, port, authority.certificate.toString());
  }

  /** The settings of a server that is its client. */
  get settings() {
    return {
      COUNTERSIGN_OIDC_ISSUER: this.issuer,
      COUNTERSIGN_OIDC_CLIENT_ID: this.clientId,
      COUNTERSIGN_OIDC_CLIENT_SECRET: this.clientSecret,
    } as const;
  }

  /** Takes a server as its client, by the origins that browsers know it by. */
  async register(...origins: readonly string[]): Promise<void> {
    const provider = this.#createProvider(origins);
    this.#inner = createPlainServer((request, answer) => {
      void provider.callback()(request, answer);
    });
    await listen(this.#inner, 0);
  }

  /** A token signed by the provider's key, or by none. */
  signToken(
    claims: Readonly<Record<string, unknown>>,
    header: Record<string, unknown> = {},
  ): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const head = encode({ alg: 'ES256', kid: KEY_ID, ...header });
    const signed = `${head}.${encode(claims)}`;
    if (header['alg'] === 'none') return `${signed}.`;
    const key = { key: this.#key, dsaEncoding: 'ieee-p1363' } as const;
    return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Goes through the provider's pages as a browser does, and returns where it is sent in the end. */
  async visit(location: string): Promise<string> {
    const cookies = new Map<string, string>();
    let at = new URL(location);
    for (let step = 0; at.origin === this.issuer; step += 1) {
      if (step > 10) throw new Error(`the provider sends in circles: ${at.pathname}`);
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await this.#get(at, cookie);
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
        cookies.set(name, value);
      }
      const next = answer.headers.location;
      if (next === undefined)
        throw new Error(`the provider answered ${answer.statusCode} at ${at.pathname}`);
      at = new URL(next, at);
    }
    return at.href;
  }

  /** Stops listening, as when it is down. */
  async stop(): Promise<void> {
    this.#front.closeAllConnections();
    await new Promise<void>((resolve) => this.#front.close(() => resolve()));
  }

  /** Listens again, where it did before. */
  async resume(): Promise<void> {
    await listen(this.#front, this.#port);
  }

  async close(): Promise<void> {
    if (this.#front.listening) await this.stop();
    const inner = this.#inner;
    inner?.closeAllConnections();
    if (inner !== null) await new Promise<void>((resolve) => inner.close(() => resolve()));
  }

  #createProvider(origins: readonly string[]): Provider {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: origins.map((origin) => `${origin}/api/v1/session/oidc/callback`),
          post_logout_redirect_uris: origins.map((origin) => `${origin}/portal/sign-in`),
          response_types: ['code'],
          grant_types: ['authorization_code'],
          id_token_signed_response_alg: 'ES256',
        },
      ],
      jwks: { keys: [{ ...this.#key.export({ format: 'jwk' }), kid: KEY_ID, use: 'sig' }] },
      cookies: { keys: [randomUUID()] },
      responseTypes: ['code'],
      pkce: { required: () => true },
      claims: { openid: ['sub'], profile: PROFILE, email: ['email'] },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      findAccount: (_, subject) => ({
        accountId: subject,
        claims: () => ({ ...this.person.claims, sub: subject }),
      }),
      // Nobody is asked for consent.
      async loadExistingGrant({ oidc }) {
        const accountId = oidc.session?.accountId;
        const grant = new provider.Grant({
          clientId: CLIENT.id,
          ...(accountId === undefined ? {} : { accountId }),
        });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
    });
    provider.proxy = true;
    provider.use(async (ctx, next) => {
      if (!ctx.path.startsWith('/interaction/')) return await next();
      ctx.respond = false;
      const login = { accountId: this.person.subject };
      await provider.interactionFinished(ctx.req, ctx.res, { login });
    });
    return provider;
  }

  /** The front: hands a request to the provider and its answer back, changed where a lie is told. */
  async #pass(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = new URL(request.url ?? '/', this.issuer).pathname;
    this.seen.push({ path, headers: request.headers, body });
    if (this.brokenWith !== null || this.#inner === null) {
      answer.writeHead(this.brokenWith ?? 503).end();
      return;
    }
    const { port } = this.#inner.address() as AddressInfo;
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': request.headers.host };
    const passed = requestPlain({
      port,
      host: '127.0.0.1',
      method: request.method,
      path: request.url,
      headers: { ...request.headers, ...forwarded },
      agent: false,
    });
    passed.end(body);
    const given = await new Promise<IncomingMessage>((resolve, reject) => {
      passed.once('response', resolve);
      passed.once('error', reject);
    });
    const text = await read(given);
    const lie = this.lies.get(path);
    const isJson = given.headers['content-type']?.includes('json') === true;
    const told =
      lie === undefined || !isJson
        ? text
        : JSON.stringify(lie(JSON.parse(text) as Record<string, unknown>));
    const { 'content-length': _length, 'transfer-encoding': _encoding, ...headers } = given.headers;
    answer.writeHead(given.statusCode ?? 500, headers).end(told);
  }

  async #get(url: URL, cookie: string): Promise<IncomingMessage> {
    const sent = requestTls(url, { ca: this.ca, agent: false, headers: { cookie } });
    sent.end();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.once('error', reject);
    });
    await read(answer);
    return answer;
  }
}

/** The payload of a token, not verified. */
export function decodeToken(token: unknown): Record<string, unknown> {
  const payload = String(token).split('.')[1] ?? '';
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

async function listen(server: Server | ReturnType<typeof createPlainServer>, port: number) {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function read(message: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

import type { Context, MiddlewareHandler } from 'hono';
import type { Actor } from '@countersign/records';
import type { SessionFault } from '../accounts/sessions.ts';
import { authenticateByCertificate } from '../accounts/certificate-sign-in.ts';
import { ServerError } from '../errors.ts';
import { alongside, durable } from '../http/pending.ts';
import type { AppEnv } from '../http/env.ts';
import { findCrossSite, isSafeMethod } from '../http/origin-check.ts';
import type { DeclaredRoute, RouteTable } from '../http/route-table.ts';
import type { Platform } from '../platform.ts';
import { accessGranted, rolesAssumed } from '../recording/events.ts';
import { sessionActor, unknownActor } from '../recording/facts.ts';
import { subjectOf, type Right } from './engine.ts';

/**
 * The one door. A request comes through when its route is declared and the route's rule lets it:
 * every check of a right is an AUTHZ record, Success or Failure, and no answer leaves before its records are durable.
 */
export function createGuard(platform: Platform, routes: RouteTable): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const facts = c.get('facts');
    const match = routes.match(facts.verb, facts.route);
    if (match === null) throw nothingHere(routes, facts.verb, facts.route);
    const { route, params } = match;
    c.set('route', route);
    await resolveSession(platform, c, route);

    switch (route.rule.kind) {
      case 'open': {
        const crossSite = route.type === 'API Endpoint' ? crossSiteReason(platform, c) : null;
        if (crossSite !== null) throw crossSiteRefusal(crossSite);
        break;
      }
      case 'right': {
        await checkRight(platform, c, route, route.rule.right);
        break;
      }
      case 'producer': {
        await checkProducer(platform, c, params['name'] ?? '', route.rule.right);
        break;
      }
    }
    await next();
    await durable(c);
  };
}

async function checkRight(
  platform: Platform,
  c: Context<AppEnv>,
  route: DeclaredRoute,
  right: Right,
): Promise<void> {
  const facts = c.get('facts');
  const session = c.get('session');
  if (session === null && route.type === 'Portal Page')
    throw signInFirst(facts.route, new URL(c.req.url).search);
  if (session === null || typeof session === 'string') {
    const why = session === null ? 'not signed in' : SESSION_FAULTS[session];
    // Somebody unknown to the product: the record has no roles.
    await platform.refusals.record({ actor: unknownActor(''), right, facts, why });
    const clear = c.get('cookie').clear();
    if (route.type === 'Portal Page')
      throw signInFirst(facts.route, new URL(c.req.url).search, clear);
    if (session === null) throw new ServerError('not_signed_in', why);
    throw new ServerError('session_expired', why, { headers: { 'set-cookie': clear } });
  }
  const actor = sessionActor(session);
  const crossSite = crossSiteReason(platform, c);
  if (crossSite !== null) {
    await platform.refusals.record({
      actor,
      right,
      facts,
      why: `cross-site request: ${crossSite}`,
    });
    throw crossSiteRefusal(crossSite);
  }
  if (!platform.engine.isAllowed(subjectOf(session, facts.address), right))
    throw await denied(platform, c, actor, right);
  const query = c.req.query('query');
  const granted = platform.recorder.record(accessGranted(actor, right, facts, query));
  await recordGrant(c, granted);
  const tls = c.get('tls');
  if (tls !== null && session.method === 'certificate' && !tls.rolesAssumed) {
    tls.rolesAssumed = true;
    alongside(c, platform.recorder.record(rolesAssumed(actor, facts)));
  }
}

async function checkProducer(
  platform: Platform,
  c: Context<AppEnv>,
  name: string,
  right: Right,
): Promise<void> {
  const facts = c.get('facts');
  const token = /^Bearer ([\x21-\x7e]+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  const owner = token === undefined ? null : await platform.producers.ownerOf(token);
  if (owner === null) {
    const why = token === undefined ? 'no bearer token' : 'unknown bearer token';
    await platform.refusals.record({ actor: unknownActor(''), right, facts, why });
    throw new ServerError(
      'token_invalid',
      `authorization: expected the bearer token of producer "${name}", got ${why}`,
      {
        headers: { 'www-authenticate': 'Bearer realm="countersign", error="invalid_token"' },
      },
    );
  }
  const actor: Actor = {
    id: owner,
    kind: 'service',
    roles: [],
    authentication: { method: 'token' },
  };
  if (owner !== name) throw await denied(platform, c, actor, right);
  c.set('producer', owner);
  // Not awaited before the handler: the batch itself is what must be durable, and both share one fsync.
  const granted = platform.recorder.record(accessGranted(actor, right, facts));
  alongside(c, granted);
}

/** A read waits for its record before the answer leaves; anything that changes something waits before it begins. */
async function recordGrant(c: Context<AppEnv>, granted: Promise<number>): Promise<void> {
  if (isSafeMethod(c.get('facts').verb)) alongside(c, granted);
  else await granted;
}

/** Records the refusal of somebody we know, and says so with the record's number. */
async function denied(
  platform: Platform,
  c: Context<AppEnv>,
  actor: Actor,
  right: Right,
): Promise<ServerError> {
  const facts = c.get('facts');
  const recordIndex = await platform.refusals.record({
    actor,
    right,
    facts,
    why: 'Authorization Error',
  });
  return new ServerError(
    'access_denied',
    `${facts.verb} ${facts.route} needs the right "${right.operation}" on ${right.resource}; the attempt was recorded`,
    {
      members: {
        route: facts.route,
        type: facts.type,
        verb: facts.verb,
        resource: right.resource,
        operation: right.operation,
        roles: actor.roles ?? [],
        recordIndex,
      },
    },
  );
}

/** The session of the cookie; where a right is needed and there is none, that of the client certificate. */
async function resolveSession(
  platform: Platform,
  c: Context<AppEnv>,
  route: DeclaredRoute,
): Promise<void> {
  const id = c.get('cookie').read(c.req.header('cookie'));
  const session = id === null ? null : platform.sessions.use(id);
  c.set('session', session);
  const tls = c.get('tls');
  if (tls === null) return;
  // What happens in a TLS session is not told before its beginning is in the log.
  if (route.rule.kind !== 'open') await tls.established();
  if (route.rule.kind !== 'right' || (session !== null && typeof session !== 'string')) return;
  try {
    const certified = await authenticateByCertificate(platform, tls, c.get('facts'));
    if (certified !== null) c.set('session', certified);
  } catch (error) {
    // Pages lead to the sign-in page: a password may still open what the certificate does not.
    const unknown = error instanceof ServerError && error.code === 'certificate_unknown';
    if (!unknown || route.type !== 'Portal Page') throw error;
  }
}

function crossSiteReason(platform: Platform, c: Context<AppEnv>): string | null {
  const session = c.get('session');
  const byCertificate =
    session !== null && typeof session !== 'string' && session.method === 'certificate';
  // The session cookie stays at home in requests of other sites (SameSite=Strict); a certificate comes with all of them.
  const harmless = !byCertificate || c.get('facts').type === 'Portal Page';
  if (isSafeMethod(c.get('facts').verb) && harmless) return null;
  return findCrossSite(
    {
      secure: c.get('tls') !== null,
      host: c.req.header('host') ?? new URL(c.req.url).host,
      secFetchSite: c.req.header('sec-fetch-site'),
      origin: c.req.header('origin'),
    },
    platform.config,
  );
}

function crossSiteRefusal(reason: string): ServerError {
  return new ServerError('cross_site_request', reason);
}

/** Why a cookie is no session, in words. */
const SESSION_FAULTS: Readonly<Record<SessionFault, string>> = {
  unknown: 'the session is unknown or has ended',
  idle: 'the session was not used for too long',
  absolute: 'the session has reached its longest duration',
};

/** A page asked for without a session: to the sign-in page, and back afterwards. */
export class SignInFirst extends Error {
  override readonly name = 'SignInFirst';
  readonly location: string;
  readonly setCookie: string | null;
  constructor(location: string, setCookie: string | null) {
    super('sign in first');
    this.location = location;
    this.setCookie = setCookie;
  }
}

function signInFirst(route: string, search: string, setCookie: string | null = null): SignInFirst {
  return new SignInFirst(`/portal/sign-in?next=${encodeURIComponent(route + search)}`, setCookie);
}

function nothingHere(routes: RouteTable, verb: string, path: string): ServerError {
  const methods = routes.methodsOf(path);
  if (methods.length === 0) return new ServerError('not_found', `there is nothing at ${path}`);
  const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  return new ServerError(
    'method_not_allowed',
    `${path}: expected ${allow.join(' or ')}, got ${verb}`,
    {
      members: { allowed: allow },
      headers: { allow: allow.join(', ') },
    },
  );
}

import type { Context, MiddlewareHandler } from 'hono';
import type { Actor, ObjectRef } from '@countersign/records';
import { resolveCaller } from '../accounts/caller.ts';
import { SESSION_FAULTS, type Session } from '../accounts/sessions.ts';
import { ServerError } from '../errors.ts';
import { alongside, durable } from '../http/pending.ts';
import type { AppEnv, Grant } from '../http/env.ts';
import { findCrossSite, isSafeMethod } from '../http/origin-check.ts';
import type { DeclaredRoute, RouteTable } from '../http/route-table.ts';
import type { Platform } from '../platform.ts';
import { accessGranted, rolesAssumed } from '../recording/events.ts';
import { sessionActor, unknownActor } from '../recording/facts.ts';
import { subjectOf, type Right } from './engine.ts';
import { heldRight, type RightRule } from './rule.ts';

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
    await resolveCaller(platform, c, route);

    switch (route.rule.kind) {
      case 'open': {
        if (route.type === 'API Endpoint') await refuseCrossSite(platform, c, SIGN_IN);
        break;
      }
      case 'right': {
        await checkRight(platform, c, route, route.rule);
        break;
      }
      case 'producer': {
        await checkProducer(platform, c, params['name'] ?? '', route.rule.right);
        break;
      }
    }
    await next();
    const untold = c.get('grant');
    if (untold !== null) {
      if (c.res.ok) throw new Error(`${route.method} ${route.pattern} answered without its object`);
      // Refused before its object was known: the right was there all the same.
      await untold(null);
    }
    await durable(c);
  };
}

/** What open endpoints are about, where a refusal needs a right to name: signing in. */
const SIGN_IN: Right = { resource: 'certServer.ca.account', operation: 'login' };

async function checkRight(
  platform: Platform,
  c: Context<AppEnv>,
  route: DeclaredRoute,
  rule: RightRule,
): Promise<void> {
  const { right, byObject = false } = rule;
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
  await refuseCrossSite(platform, c, right);
  const held = heldRight(platform.engine, subjectOf(session, facts.address), rule);
  if (held === null) throw await denied(platform, c, actor, right);
  const grant: Grant = async (object, allowed = true) => {
    c.set('grant', null);
    if (!allowed) throw await denied(platform, c, actor, right, object);
    const query = c.req.query('query');
    await recordGrant(c, platform.recorder.record(accessGranted(actor, held, facts, query)));
    assumeRoles(platform, c, session);
  };
  if (byObject) c.set('grant', grant);
  else await grant(null);
}

/** ROLE_ASSUME, once for each TLS session whose certificate says who asks. */
function assumeRoles(platform: Platform, c: Context<AppEnv>, session: Session): void {
  const tls = c.get('tls');
  if (tls !== null && session.method === 'certificate' && !tls.rolesAssumed) {
    tls.rolesAssumed = true;
    const assumed = platform.recorder.record(rolesAssumed(sessionActor(session), c.get('facts')));
    // The request is refused then; the next one on this connection tells it.
    assumed.catch(() => (tls.rolesAssumed = false));
    alongside(c, assumed);
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
async function recordGrant(c: Context<AppEnv>, granted: Promise<unknown>): Promise<void> {
  if (isSafeMethod(c.get('facts').verb)) alongside(c, granted);
  else await granted;
}

/** Records the refusal of somebody we know, and says so with the record's number. */
async function denied(
  platform: Platform,
  c: Context<AppEnv>,
  actor: Actor,
  right: Right,
  object: ObjectRef | null = null,
): Promise<ServerError> {
  const facts = c.get('facts');
  const why = 'Authorization Error';
  const recordIndex = await platform.refusals.record({ actor, right, facts, why, object });
  const whole = `${facts.verb} ${facts.route} needs the right "${right.operation}" on ${right.resource}`;
  const single = object === null ? '' : `, and ${object.type} "${object.id}" is beyond yours`;
  return new ServerError('access_denied', `${whole}${single}; the attempt was recorded`, {
    members: {
      route: facts.route,
      type: facts.type,
      verb: facts.verb,
      resource: right.resource,
      operation: right.operation,
      roles: actor.roles ?? [],
      recordIndex,
      ...(object === null ? {} : { object: { type: object.type, id: object.id } }),
    },
  });
}

/** Refuses what a page of another site asks for in somebody's name, and records it. */
async function refuseCrossSite(
  platform: Platform,
  c: Context<AppEnv>,
  right: Right,
): Promise<void> {
  const reason = crossSiteReason(platform, c);
  if (reason === null) return;
  const session = c.get('session');
  const actor =
    session === null || typeof session === 'string' ? unknownActor('') : sessionActor(session);
  const why = `cross-site request: ${reason}`;
  await platform.refusals.record({ actor, right, facts: c.get('facts'), why });
  throw new ServerError('cross_site_request', reason);
}

function crossSiteReason(platform: Platform, c: Context<AppEnv>): string | null {
  const session = c.get('session');
  // Tokens and secrets are sent by programs that mean it, never by a browser of its own accord.
  if (session !== null && typeof session !== 'string' && byHeader(session)) return null;
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

function byHeader({ method }: Session): boolean {
  return method === 'token' || method === 'secret';
}

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

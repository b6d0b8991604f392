import { hostname } from 'node:os';
import { redactSecrets, type Actor, type Content, type Source } from '@countersign/records';
import type { User } from '../accounts/accounts.ts';
import type { AuthenticationMethod, Session } from '../accounts/sessions.ts';

/** What is known of a request before anybody has looked at it. */
export interface RequestFacts {
  readonly id: string;
  /** The path as asked for, without the query. */
  readonly route: string;
  readonly type: 'API Endpoint' | 'Portal Page';
  readonly verb: string;
  readonly address: string;
  readonly userAgent: string | null;
  /** SubjectID of the records, where it is not the actor's id: the name by which Dogtag's tools know the user. */
  readonly subjectId?: string;
  /** Asked for by the portal, a page of it or its program; otherwise by another client. */
  readonly interface: 'portal' | 'api';
}

/** Longest value of a stranger's that is kept in a record. */
const MAX_FOREIGN = 512;
/** Queries are kept whole: what was looked for is what the record is about. */
const MAX_QUERY = 8_192;

/**
 * A string that somebody outside chose, fit for a record: well-formed, short, and with anything that looks like
 * a secret masked, so that nobody can make the log refuse its own records.
 */
export function foreign(text: string, longest = MAX_FOREIGN): string {
  const { text: clean } = redactSecrets(text.slice(0, longest * 4).toWellFormed());
  return clean.length <= longest ? clean : `${clean.slice(0, longest).toWellFormed()}…`;
}

/** A query, fit for a record. */
export function foreignQuery(text: string): string {
  return foreign(text, MAX_QUERY);
}

/** Where the server's records are made. */
export function ownSource(component: string, version: string): Source {
  return { system: 'countersign', host: hostname(), component, version };
}

/** The parts of a content that describe the request. */
export function describeRequest(facts: RequestFacts): Pick<Content, 'origin' | 'request'> {
  return {
    origin: {
      address: facts.address,
      interface: facts.interface,
      ...(facts.userAgent === null ? {} : { userAgent: foreign(facts.userAgent) }),
    },
    request: { id: facts.id, route: foreign(facts.route), type: facts.type, verb: facts.verb },
  };
}

/** The actor of a session. */
export function sessionActor({ user, reference, method, credential }: Session): Actor {
  return {
    ...userActor(user, method, credential),
    session: reference,
  };
}

/** The actor of a user, and how it was found out who that is. */
export function userActor(user: User, method: AuthenticationMethod, credential?: string): Actor {
  return {
    id: user.username,
    name: user.name,
    kind: user.kind === 'application' ? 'service' : 'user',
    roles: user.roles,
    authentication: {
      method,
      ...(credential === undefined ? {} : { credential: foreign(credential) }),
    },
  };
}

/** Somebody the product does not know; the id is what was claimed. */
export function unknownActor(claimed: string): Actor {
  return { id: claimed === '' ? '$Unidentified$' : foreign(claimed), kind: 'unknown', roles: [] };
}

/** The program itself. */
export const SYSTEM_ACTOR: Actor = { id: '$System$', name: 'Countersign', kind: 'system' };

import type { Actor, Attribute, JsonObject, ObjectRef } from '@countersign/records';
import type { Right } from '../authorization/engine.ts';
import type { Session } from '../accounts/sessions.ts';
import { VERSION } from '../version.ts';
import {
  describeRequest,
  foreign,
  foreignQuery,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
  unknownActor,
  type RequestFacts,
} from './facts.ts';
import type { OwnDraft } from './draft.ts';

const http = ownSource('server', VERSION);

/** How a password was checked, by Dogtag's name for it. */
export const PASSWORD_AUTHENTICATOR = 'passwdUserDBAuthMgr';
/** What Dogtag writes for somebody who could not be identified. */
export const UNIDENTIFIED = '$Unidentified$';

/** AUTH Success: what was shown, a password if nothing else is said, was right. */
export function authSucceeded(
  actor: Actor,
  facts: RequestFacts,
  authenticator: string = PASSWORD_AUTHENTICATOR,
): OwnDraft {
  return {
    event: 'AUTH',
    outcome: 'Success',
    content: {
      actor,
      source: http,
      ...describeRequest(facts),
      attributes: [
        ['SubjectID', facts.subjectId ?? actor.id],
        ['Outcome', 'Success'],
        ['AuthMgr', authenticator],
      ],
    },
  };
}

/** AUTH Failure: nobody is identified; what was claimed is the attempted credential, never the secret beside it. */
export function authFailed(
  typed: string,
  reason: string,
  facts: RequestFacts,
  authenticator: string = PASSWORD_AUTHENTICATOR,
): OwnDraft {
  return {
    event: 'AUTH',
    outcome: 'Failure',
    content: {
      actor: unknownActor(UNIDENTIFIED),
      source: http,
      ...describeRequest(facts),
      reason,
      attributes: [
        ['SubjectID', UNIDENTIFIED],
        ['Outcome', 'Failure'],
        ['AuthMgr', authenticator],
        ['AttemptedCred', foreign(typed)],
      ],
    },
  };
}

/** ACCOUNT_LOCKED: the failure that reached the threshold, and until when. */
export function accountLocked(
  username: string,
  failures: number,
  until: Date,
  facts: RequestFacts,
): OwnDraft {
  return {
    event: 'ACCOUNT_LOCKED',
    outcome: 'Success',
    content: {
      actor: SYSTEM_ACTOR,
      source: http,
      ...describeRequest(facts),
      target: { type: 'account', id: foreign(username) },
      reason: `${failures} wrong passwords in a row`,
      attributes: [
        ['Attempts', String(failures)],
        ['Until', until.toISOString()],
      ],
    },
  };
}

/** AUTHZ Success: the check said yes. */
export function accessGranted(
  actor: Actor,
  right: Right,
  facts: RequestFacts,
  query?: string,
): OwnDraft {
  return {
    event: 'AUTHZ',
    outcome: 'Success',
    content: {
      actor,
      source: http,
      ...describeRequest(facts),
      authorization: { ...right, roles: actor.roles ?? [] },
      attributes: [
        ['SubjectID', facts.subjectId ?? actor.id],
        ['Outcome', 'Success'],
        ['aclResource', right.resource],
        ['Op', right.operation],
        ['Info', `${facts.verb}:${foreign(facts.route)}`],
        ...(query === undefined ? [] : [['Query', foreignQuery(query)] as const]),
      ],
    },
  };
}

/**
 * AUTHZ Failure: somebody asked for a page or endpoint without the right. Username to User's Roles are the five
 * fields by which such attempts are known in Keyfactor Command; the roles are empty for somebody unknown. With an
 * `object`, the right is there but not for this object, which weighs more: level Failure.
 */
export function accessDenied(
  actor: Actor,
  right: Right,
  facts: RequestFacts,
  why: string,
  { object = null, suppressed = 0 }: { object?: ObjectRef | null; suppressed?: number } = {},
): OwnDraft {
  const roles = actor.roles ?? [];
  return {
    event: 'AUTHZ',
    outcome: 'Failure',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: object === null ? 'Warning' : 'Failure',
    content: {
      actor,
      source: http,
      ...describeRequest(facts),
      authorization: { ...right, roles },
      ...(object === null ? {} : { target: { ...object, id: foreign(object.id) } }),
      reason: why,
      attributes: [
        ['SubjectID', facts.subjectId ?? actor.id],
        ['Outcome', 'Failure'],
        ['aclResource', right.resource],
        ['Op', right.operation],
        ['Info', 'Authorization Error'],
        ['Username', actor.kind === 'unknown' ? '' : actor.id],
        ['Request Route', foreign(facts.route)],
        ['Request Type', facts.type],
        ['HTTP Verb', facts.verb],
        ["User's Roles", roles.join(',')],
        ...(suppressed === 0 ? [] : [['Attempts', String(suppressed)] as const]),
      ],
    },
  };
}

/** CREDENTIAL_CHANGED: a user has set a new password, or has tried to. */
export function credentialChanged(
  actor: Actor,
  facts: RequestFacts,
  outcome: 'Success' | 'Failure',
  reason: string | null,
): OwnDraft {
  return {
    event: 'CREDENTIAL_CHANGED',
    outcome,
    content: {
      actor,
      source: http,
      ...describeRequest(facts),
      target: { type: 'account', id: actor.id },
      ...(reason === null ? {} : { reason }),
    },
  };
}

/** ROLE_ASSUME: the roles a user holds from now on, all in one. */
export function rolesAssumed(actor: Actor, facts: RequestFacts): OwnDraft {
  return {
    event: 'ROLE_ASSUME',
    outcome: 'Success',
    content: {
      actor,
      source: http,
      ...describeRequest(facts),
      attributes: [
        ['SubjectID', facts.subjectId ?? actor.id],
        ['Outcome', 'Success'],
        ['Role', (actor.roles ?? []).join(',')],
      ],
    },
  };
}

/** AUDIT_LOG_STARTUP: the log takes records from now on. */
export function logStarted(details: readonly Attribute[]): OwnDraft {
  return system('AUDIT_LOG_STARTUP', 'timer', details);
}

/** AUDIT_LOG_SHUTDOWN: the log was closed in order. */
export function logStopped(details: readonly Attribute[]): OwnDraft {
  return system('AUDIT_LOG_SHUTDOWN', 'timer', details);
}

/**
 * AUDIT_LOG_SIGNING: holds the checkpoint that was newest before it, so that each signing covers the one before
 * and is itself in the log.
 */
export function logSigned(
  previousCheckpoint: string,
  treeSize: number,
  occasion: string,
): OwnDraft {
  return system('AUDIT_LOG_SIGNING', 'timer', [
    ['TreeSize', String(treeSize)],
    ['Occasion', occasion],
    ['PreviousCheckpoint', previousCheckpoint],
  ]);
}

function system(event: string, by: 'timer' | 'console', details: readonly Attribute[]): OwnDraft {
  return {
    event,
    outcome: 'Success',
    content: {
      actor: SYSTEM_ACTOR,
      source: ownSource('ledger', VERSION),
      origin: { interface: by },
      attributes: [['SubjectID', SYSTEM_ACTOR.id], ['Outcome', 'Success'], ...details],
    },
  };
}

/** AUDIT_LOG_SEARCH, _READ, _EXPORT, _VERIFY: somebody used the log itself. */
export function logUsed(
  event: 'AUDIT_LOG_SEARCH' | 'AUDIT_LOG_READ' | 'AUDIT_LOG_EXPORT' | 'AUDIT_LOG_VERIFY',
  session: Session,
  facts: RequestFacts,
  details: readonly Attribute[],
  outcome: 'Success' | 'Failure' = 'Success',
  part = 'signedAudit',
): OwnDraft {
  return {
    event,
    outcome,
    content: {
      actor: sessionActor(session),
      source: http,
      ...describeRequest(facts),
      target: { type: 'audit log', id: part },
      attributes: details,
    },
  };
}

/** PRODUCER_GAP: records of a producer are missing, or it has lost count; what it sent was refused. */
export function producerGap(
  gap: { producer: string; expected: number; got: number },
  facts: RequestFacts,
  attempts = 0,
): OwnDraft {
  return {
    event: 'PRODUCER_GAP',
    outcome: 'Failure',
    content: {
      actor: { id: gap.producer, kind: 'service', authentication: { method: 'token' } },
      source: http,
      ...describeRequest(facts),
      target: { type: 'producer', id: gap.producer },
      attributes: [
        ['Expected', String(gap.expected)],
        ['Got', String(gap.got)],
        ...(attempts === 0 ? [] : [['Attempts', String(attempts)] as const]),
      ],
    },
  };
}

/** AUDIT_LOG_UNAVAILABLE: the log took no records for a while; whatever needs one was refused. */
export function logWasUnavailable(from: Date, until: Date, reason: string): OwnDraft {
  return {
    event: 'AUDIT_LOG_UNAVAILABLE',
    outcome: 'Failure',
    content: {
      actor: SYSTEM_ACTOR,
      source: ownSource('ledger', VERSION),
      reason: foreign(reason),
      attributes: [
        ['From', from.toISOString()],
        ['Until', until.toISOString()],
      ],
    },
  };
}

/** PRODUCER_CREATED and the like: who may do what here has changed; the whole object after it. */
export function securityChanged(change: {
  event: string;
  actor: Actor;
  /** Null: it was not asked for over HTTP, but at the console. */
  facts: RequestFacts | null;
  target: { type: string; id: string; name?: string };
  after: Readonly<Record<string, string | boolean | readonly string[]>>;
}): OwnDraft {
  const { event, actor, facts, target, after } = change;
  return {
    event,
    outcome: 'Success',
    content: {
      actor,
      source: http,
      ...(facts === null ? { origin: { interface: 'console' as const } } : describeRequest(facts)),
      target,
      after: after as JsonObject,
    },
  };
}

import type {
  Attribute,
  CategoryName,
  JsonObject,
  ObjectRef,
  OperationName,
} from '@countersign/records';
import type { Caller } from '../authorization/admitted.ts';
import type { OwnDraft } from '../recording/draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
} from '../recording/facts.ts';
import { VERSION } from '../version.ts';

export type { Caller };

const source = ownSource('server', VERSION);

/** Which event, in which category; `scope` is Dogtag's word for the kind of thing (`users`, `groups`, `acls`). */
export interface SecurityEvent {
  readonly event: 'CONFIG_ROLE' | 'CONFIG_ACL' | 'CONFIG_APPLICATION' | 'CONFIG_CERT_PROFILE';
  readonly category: CategoryName;
  readonly scope: string;
}

/** What somebody is about to do: the names its record has, whether it is done or refused. */
export interface Attempt extends SecurityEvent {
  readonly operation: OperationName;
  readonly target: ObjectRef;
  readonly related?: readonly ObjectRef[];
}

export const IDENTITY: SecurityEvent = {
  event: 'CONFIG_ROLE',
  category: 'ADIdentityModel',
  scope: 'users',
};
export const ROLE: SecurityEvent = {
  event: 'CONFIG_ROLE',
  category: 'SecurityRole',
  scope: 'groups',
};
export const CLAIM: SecurityEvent = {
  event: 'CONFIG_ROLE',
  category: 'SecurityClaim',
  scope: 'claims',
};

export const ACCESS_RULE: SecurityEvent = {
  event: 'CONFIG_ACL',
  category: 'Configuration',
  scope: 'acls',
};
export const APPLICATION: SecurityEvent = {
  event: 'CONFIG_APPLICATION',
  category: 'ApiApplication',
  scope: 'applications',
};

/** An identity in records; related to what else is told of the account. */
export function identityRef({ username }: { readonly username: string }): ObjectRef {
  return { type: 'account', id: username, name: username };
}

/** A role in records. */
export function roleRef(name: string): ObjectRef {
  return { type: 'role', id: name, name };
}

/** A claim in records, with the role it leads to. */
export function claimRef(claim: {
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly role: string;
}): Pick<Attempt, 'target' | 'related'> {
  return {
    target: { type: 'claim', id: claim.id, name: `${claim.type}: ${claim.value}` },
    related: [{ ...roleRef(claim.role), relation: 'role' }],
  };
}

const OPERATIONS: Partial<Record<OperationName, string>> = {
  Created: 'OP_ADD',
  Imported: 'OP_ADD',
  Updated: 'OP_MODIFY',
  Deleted: 'OP_DELETE',
};

/** The record of a change of who may do what, done or refused, by a caller or at the first start. */
export function securityChange(
  attempt: Attempt,
  by: Caller | null,
  outcome: 'Success' | 'Failure',
  more: { before?: JsonObject | null; after?: JsonObject | null; reason?: string },
): OwnDraft {
  const { event, category, operation, target, related } = attempt;
  const { before = null, after = null, reason } = more;
  const actor = by === null ? SYSTEM_ACTOR : sessionActor(by.session);
  return {
    event,
    outcome,
    category,
    operation,
    content: {
      actor,
      source,
      ...(by === null ? { origin: { interface: 'console' as const } } : describeRequest(by.facts)),
      target,
      ...(related === undefined ? {} : { related }),
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { after }),
      ...(reason === undefined ? {} : { reason: foreign(reason) }),
      attributes: configured(attempt, by?.facts.subjectId ?? actor.id, outcome),
    },
  };
}

/** Dogtag's attributes of a change: `Scope;;users+Operation;;OP_ADD+Resource;;jdoe`. */
export function configured(
  { scope, operation, target }: Pick<Attempt, 'scope' | 'operation' | 'target'>,
  subject: string,
  outcome: 'Success' | 'Failure',
): Attribute[] {
  const pairs = [
    `Scope;;${scope}`,
    `Operation;;${OPERATIONS[operation] ?? operation}`,
    `Resource;;${plain(target.name ?? target.id)}`,
  ];
  return [
    ['SubjectID', subject],
    ['Outcome', outcome],
    ['ParamNameValPairs', pairs.join('+')],
  ];
}

/** Nothing in a value may end it: the list has no way to say that a `+` or `;;` is part of one. */
function plain(value: string): string {
  return foreign(value).replaceAll(/[\p{Cc}+;[\]]/gu, '_');
}

import type { Session } from '../accounts/sessions.ts';
import type { ApiToken } from '../accounts/tokens.ts';
import { formatRight } from '../authorization/permission-names.ts';
import { VERSION } from '../version.ts';
import type { OwnDraft } from './draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
  type RequestFacts,
} from './facts.ts';

const source = ownSource('server', VERSION);

/** SESSION_TERMINATED: the server ended somebody's session; the reason says which limit was reached. */
export function sessionEnded(session: Session, reason: string): OwnDraft {
  return {
    event: 'SESSION_TERMINATED',
    outcome: 'Success',
    content: {
      actor: sessionActor(session),
      source,
      origin: { interface: 'timer' },
      reason,
      correlation: session.reference,
    },
  };
}

/** ACCOUNT_UNLOCKED: the time of a lock was up, and the user name may be tried again. */
export function lockExpired(username: string): OwnDraft {
  return {
    event: 'ACCOUNT_UNLOCKED',
    outcome: 'Success',
    content: {
      actor: SYSTEM_ACTOR,
      source,
      origin: { interface: 'timer' },
      target: { type: 'account', id: foreign(username) },
      reason: 'the time of the lock was up',
    },
  };
}

/** CREDENTIAL_CHANGED: a user has made or revoked an API token; the token itself is in no record. */
export function tokenChanged(
  operation: 'Created' | 'Deleted',
  session: Session,
  token: ApiToken,
  facts: RequestFacts,
): OwnDraft {
  const model = {
    name: token.name,
    owner: session.user.username,
    scopes: token.scopes?.map(formatRight) ?? null,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt.toISOString(),
  };
  return {
    event: 'CREDENTIAL_CHANGED',
    outcome: 'Success',
    operation,
    content: {
      actor: sessionActor(session),
      source,
      ...describeRequest(facts),
      target: { type: 'api token', id: token.id, name: token.name },
      ...(operation === 'Created' ? { after: model } : { before: model }),
    },
  };
}

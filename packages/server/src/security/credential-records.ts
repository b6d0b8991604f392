import type { JsonObject } from '@countersign/records';
import type { OwnDraft } from '../recording/draft.ts';
import { describeRequest, foreign, ownSource, sessionActor } from '../recording/facts.ts';
import { VERSION } from '../version.ts';
import type { Identity } from './identity-view.ts';
import { identityRef, type Caller } from './records.ts';

const source = ownSource('server', VERSION);

/** CREDENTIAL_CHANGED: somebody has changed by what somebody else is known, or has tried to. Never the secret itself. */
export function credentialAdministered(
  { session, facts }: Caller,
  { username }: Pick<Identity, 'username'>,
  change: {
    readonly outcome?: 'Success' | 'Failure';
    readonly operation?: 'Created' | 'Updated' | 'Deleted';
    readonly reason: string;
    readonly before?: JsonObject;
    readonly after?: JsonObject;
  },
): OwnDraft {
  const { outcome = 'Success', operation = 'Updated', reason, ...models } = change;
  return {
    event: 'CREDENTIAL_CHANGED',
    outcome,
    operation,
    content: {
      actor: sessionActor(session),
      source,
      ...describeRequest(facts),
      target: identityRef({ username }),
      ...models,
      reason: foreign(reason),
    },
  };
}

/** ACCOUNT_UNLOCKED: somebody has ended a lock before its time. */
export function accountUnlocked(
  { session, facts }: Caller,
  { username, lockedUntil }: Identity,
): OwnDraft {
  return {
    event: 'ACCOUNT_UNLOCKED',
    outcome: 'Success',
    content: {
      actor: sessionActor(session),
      source,
      ...describeRequest(facts),
      target: identityRef({ username }),
      before: { lockedUntil },
      after: { lockedUntil: null },
    },
  };
}

import type { Right } from '../authorization/engine.ts';
import type { Platform } from '../platform.ts';
import { accessGranted, authSucceeded, rolesAssumed } from '../recording/events.ts';
import { userActor, type RequestFacts } from '../recording/facts.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import type { User } from './accounts.ts';
import type { NewSession } from './sessions.ts';

/** What somebody needs who wants a session. */
export const LOGIN: Right = { resource: 'certServer.ca.account', operation: 'login' };

/** A session to be begun for somebody who has proved who he is and may come in. */
export interface SessionOpening extends Omit<NewSession, 'address'> {
  readonly user: User;
  readonly facts: RequestFacts;
  /** The id of a session the browser has already; it ends with the new one. */
  readonly previous: string | null;
  /** How it was found out who he is, by its name in AUTH records. */
  readonly authenticator: string;
  /** Changes that belong to it, and their records, in the same transaction. */
  readonly before?: (tx: AuditedTransaction) => Promise<void>;
}

/** Begins the session: AUTH, AUTHZ and ROLE_ASSUME are recorded in its transaction. The id is for the cookie alone. */
export async function openSession(
  { recorder, sessions }: Platform,
  { facts, previous, authenticator, before, ...opening }: SessionOpening,
): Promise<{ id: string; reference: string }> {
  const { user, method, credential } = opening;
  const { result } = await recorder.audited(async (tx) => {
    await before?.(tx);
    const ended = previous === null ? null : await sessions.remove(tx.db, previous);
    const created = await sessions.create(tx.db, { ...opening, address: facts.address });
    const actor = { ...userActor(user, method, credential), session: created.reference };
    tx.record(authSucceeded(actor, facts, authenticator));
    tx.record(accessGranted(actor, LOGIN, facts));
    tx.record(rolesAssumed(actor, facts));
    return { created, ended };
  });
  result.ended?.end();
  result.created.begin();
  const { id, reference } = result.created;
  return { id, reference };
}

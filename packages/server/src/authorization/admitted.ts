import { findAccountById } from '../accounts/accounts.ts';
import type { Session } from '../accounts/sessions.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError, type ServerErrorCode } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { sessionActor, type RequestFacts } from '../recording/facts.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import { readPolicy } from './access-policy.ts';
import { subjectOf, type AuthorizationEngine, type Right, type Subject } from './engine.ts';

/** Who asks for something, and how. */
export interface Caller {
  readonly session: Session;
  readonly facts: RequestFacts;
}

/** What decides about somebody at one moment: the rules, who he is, and the state around. */
export interface Standing {
  readonly policy: AuthorizationEngine;
  readonly subject: Subject;
  readonly db: StateReader;
  readonly now: Date;
}

/** Who asks for a change, and the right that let the request through. */
export interface AdmittedCaller extends Caller {
  readonly right: Right;
  /** What else than the right itself may have let the request through: a right on what the object belongs to. */
  readonly holds?: (standing: Standing) => Promise<boolean>;
}

/** A change that somebody asks for, under way. */
export interface ChangeTransaction extends AuditedTransaction {
  readonly platform: Platform;
  readonly caller: AdmittedCaller;
  readonly now: Date;
  /** The caller as he is now, with the rules of now. */
  readonly standing: Standing;
  /** Makes the record of a failure, should a duty forbid what comes from here on. */
  attemptsElse(failure: (reason: string) => OwnDraft): void;
}

/**
 * Makes a change that somebody has asked for, together with its records. The caller is looked at again inside: requests
 * that arrive together come here one after another, and the one before may have been about this caller. A refusal of one
 * of the codes in `duties` changes nothing and is recorded as a failure of what was attempted. Throws what the work
 * throws; `session_expired` or `access_denied` (recorded) when the caller was removed, or has lost the right, since the
 * request was let through.
 */
export async function changeFor<T>(
  platform: Platform,
  caller: AdmittedCaller,
  work: (tx: ChangeTransaction) => Promise<T>,
  duties: ReadonlySet<ServerErrorCode> = NO_DUTIES,
): Promise<T> {
  let failure: ((reason: string) => OwnDraft) | null = null;
  try {
    const { result } = await platform.recorder.audited(async (tx) => {
      const now = platform.clock();
      const standing = await assertStillAdmitted(tx.db, caller, now);
      return await work({
        ...tx,
        platform,
        caller,
        now,
        standing,
        attemptsElse: (draft) => void (failure = draft),
      });
    });
    return result;
  } catch (error) {
    if (error instanceof RightLost) throw await recordLostRight(platform, caller);
    const draft = failure as ((reason: string) => OwnDraft) | null;
    if (!(error instanceof ServerError) || !duties.has(error.code) || draft === null) throw error;
    const recordIndex = await platform.recorder.record(draft(error.message));
    throw new ServerError(error.code, `${error.message}; the attempt was recorded`, {
      members: { ...error.members, recordIndex },
    });
  }
}

const NO_DUTIES: ReadonlySet<ServerErrorCode> = new Set();

/** The caller's account is there, and has the right as the state is in this transaction. */
async function assertStillAdmitted(
  db: StateReader,
  { session, facts, right, holds }: AdmittedCaller,
  now: Date,
): Promise<Standing> {
  const account = await findAccountById(db, session.user.id);
  if (account === null || account.disabled)
    throw new ServerError('session_expired', 'the account of this session is not there any more');
  // Roles that claims have given are those of the session.
  const roles = session.method === 'oidc' ? session.user.roles : account.roles;
  const user = { ...account, roles };
  const subject = subjectOf({ user, scopes: session.scopes }, facts.address);
  const standing = { policy: await readPolicy(db), subject, db, now };
  const held =
    holds === undefined ? standing.policy.isAllowed(subject, right) : await holds(standing);
  if (!held) throw new RightLost();
  return standing;
}

class RightLost extends Error {
  override readonly name = 'RightLost';
}

async function recordLostRight(
  platform: Platform,
  { session, facts, right }: AdmittedCaller,
): Promise<ServerError> {
  const actor = sessionActor(session);
  const why = 'the right was lost since the request was let through';
  const recordIndex = await platform.refusals.record({ actor, right, facts, why });
  return new ServerError('access_denied', `${why}; the attempt was recorded`, {
    members: { ...right, roles: actor.roles ?? [], recordIndex },
  });
}

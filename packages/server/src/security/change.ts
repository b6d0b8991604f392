import type { JsonObject } from '@countersign/records';
import { findAccountById } from '../accounts/accounts.ts';
import { readPolicy } from '../authorization/access-policy.ts';
import { subjectOf, type Right } from '../authorization/engine.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError, type ServerErrorCode } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { sessionActor } from '../recording/facts.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import { securityChange, type Attempt, type Caller } from './records.ts';

/** A change of who may do what, under way: change, records, and what follows once both are committed. */
export interface SecurityTransaction extends AuditedTransaction {
  readonly platform: Platform;
  readonly caller: Caller;
  readonly now: Date;
  /** Says what is attempted from here on: a refusal because of duties is recorded as a failure of it. */
  attempts(attempt: Attempt): void;
  /** The same where the record of the failure is not one of a security change. */
  attemptsElse(failure: (reason: string) => OwnDraft): void;
  /** Records a change; nothing when the model is the same before and after. */
  changed(
    attempt: Attempt,
    models: { readonly before: JsonObject | null; readonly after: JsonObject | null },
  ): void;
  /** Sessions of this user are brought up to date after the commit. */
  affects(userId: string): void;
  /** Done after the commit, in order. */
  afterwards(step: () => void | Promise<void>): void;
}

/** Refusals that are about duties: who tried what, and why not, is recorded. */
const DUTIES: ReadonlySet<ServerErrorCode> = new Set([
  'role_conflict',
  'own_role',
  'last_administrator',
  'last_auditor',
  'built_in',
  'reserved_right',
  'review_signed',
]);

/** Who asks for a change, and the right that let the request through. */
export interface AdmittedCaller extends Caller {
  readonly right: Right;
}

/**
 * Changes who may do what. The change and its records commit together; a refusal because of duties changes nothing and
 * is recorded as a failure of what was attempted, with the reason. Throws what the work throws; `session_expired` or
 * `access_denied` (recorded) when the caller was removed, or has lost the right, since the request was let through.
 */
export async function changeSecurity<T>(
  platform: Platform,
  caller: AdmittedCaller,
  work: (tx: SecurityTransaction) => Promise<T>,
): Promise<T> {
  let failure: ((reason: string) => OwnDraft) | null = null;
  const affected = new Set<string>();
  const steps: (() => void | Promise<void>)[] = [];
  try {
    const { result } = await platform.recorder.audited(async (tx) => {
      // Requests that arrive together come here one after another: the one before may have been about this caller.
      await assertStillAdmitted(tx.db, caller);
      return await work({
        ...tx,
        platform,
        caller,
        now: platform.clock(),
        attempts(attempt) {
          failure = (reason) => securityChange(attempt, caller, 'Failure', { reason });
        },
        attemptsElse(draft) {
          failure = draft;
        },
        changed(done, { before, after }) {
          if (JSON.stringify(before) === JSON.stringify(after)) return;
          tx.record(securityChange(done, caller, 'Success', { before, after }));
        },
        affects: (userId) => void affected.add(userId),
        afterwards: (step) => void steps.push(step),
      });
    });
    for (const userId of affected)
      steps.push(async () => await platform.sessions.refresh(platform.state.db, userId));
    await takeSteps(steps);
    return result;
  } catch (error) {
    if (error instanceof RightLost) throw await recordLostRight(platform, caller);
    const draft = failure as ((reason: string) => OwnDraft) | null;
    if (!(error instanceof ServerError) || !DUTIES.has(error.code) || draft === null) throw error;
    const recordIndex = await platform.recorder.record(draft(error.message));
    throw new ServerError(error.code, `${error.message}; the attempt was recorded`, {
      members: { ...error.members, recordIndex },
    });
  }
}

/** The caller's account is there, and has the right as the state is in this transaction. */
async function assertStillAdmitted(
  db: StateReader,
  { session, facts, right }: AdmittedCaller,
): Promise<void> {
  const account = await findAccountById(db, session.user.id);
  if (account === null || account.disabled)
    throw new ServerError('session_expired', 'the account of this session is not there any more');
  // Roles that claims have given are those of the session.
  const roles = session.method === 'oidc' ? session.user.roles : account.roles;
  const user = { ...account, roles };
  const subject = subjectOf({ user, scopes: session.scopes }, facts.address);
  if (!(await readPolicy(db)).isAllowed(subject, right)) throw new RightLost();
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

/** All of them, even if one fails: what has been committed must be followed. */
async function takeSteps(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'a change was committed and could not be followed', {
      cause: failures[0],
    });
}

import type { JsonObject } from '@countersign/records';
import {
  changeFor,
  type AdmittedCaller,
  type ChangeTransaction,
} from '../authorization/admitted.ts';
import type { ServerErrorCode } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { securityChange, type Attempt } from './records.ts';

export type { AdmittedCaller };

/** A change of who may do what, under way: change, records, and what follows once both are committed. */
export interface SecurityTransaction extends ChangeTransaction {
  /** Says what is attempted from here on: a refusal because of duties is recorded as a failure of it. */
  attempts(attempt: Attempt): void;
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
  const affected = new Set<string>();
  const steps: (() => void | Promise<void>)[] = [];
  const result = await changeFor(
    platform,
    caller,
    async (tx) =>
      await work({
        ...tx,
        attempts(attempt) {
          tx.attemptsElse((reason) => securityChange(attempt, caller, 'Failure', { reason }));
        },
        changed(done, { before, after }) {
          if (JSON.stringify(before) === JSON.stringify(after)) return;
          tx.record(securityChange(done, caller, 'Success', { before, after }));
        },
        affects: (userId) => void affected.add(userId),
        afterwards: (step) => void steps.push(step),
      }),
    DUTIES,
  );
  for (const userId of affected)
    steps.push(async () => await platform.sessions.refresh(platform.state.db, userId));
  await takeSteps(steps);
  return result;
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

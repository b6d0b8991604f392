import { createHash } from 'node:crypto';
import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import { readPolicy } from '../authorization/access-policy.ts';
import { ADMINISTRATION } from '../authorization/safeguards.ts';
import type { StateReader, StateSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { describeRequest, foreign, ownSource, sessionActor } from '../recording/facts.ts';
import { VERSION } from '../version.ts';
import { reportAccess, type AccessReport } from './access-report.ts';
import type { SecurityTransaction } from './change.ts';
import { quarterAfter, quarterOf } from './quarters.ts';
import type { Caller } from './records.ts';

/** The access review of a quarter: who held what, and who has looked at it. */
export interface Review {
  /** `2026-Q4`. */
  readonly period: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly signedAt: string | null;
  readonly signedBy: string | null;
  readonly comment: string | null;
  readonly report: AccessReport;
}

/** So many are listed, the newest first: five years. */
const LISTED = 20;
/** A record holds a report of so many bytes; of a larger one its digest. */
const MAX_REPORT_BYTES = 900_000;
const source = ownSource('server', VERSION);

/**
 * The reviews, the newest first, and the quarter whose review is due: the one after the last that was signed off, or
 * the one in which the first account was made. Once that quarter is over, it is overdue.
 */
export async function listReviews(
  db: StateReader,
  now: Date,
): Promise<{ reviews: Review[]; due: string; overdue: boolean }> {
  const rows = await db
    .selectFrom('access_reviews')
    .selectAll()
    .orderBy('period', 'desc')
    .limit(LISTED)
    .execute();
  const { first } = await db
    .selectFrom('users')
    .select((e) => e.fn.min('created_at').as('first'))
    .executeTakeFirstOrThrow();
  const signed = rows.find((row) => row.signed_at !== null);
  const due =
    signed === undefined ? quarterOf(new Date(first ?? now)) : quarterAfter(signed.period);
  return { reviews: rows.map(reviewOf), due, overdue: due < quarterOf(now) };
}

/** The review of a quarter. Throws `not_found`. */
export async function findReview(db: StateReader, period: string): Promise<Review> {
  const row = await rowOf(db, period);
  if (row !== undefined) return reviewOf(row);
  throw new ServerError('not_found', `there is no access review of "${period.slice(0, 100)}"`);
}

/** Draws up the review of the quarter that is now. Throws `already_exists`; `review_signed` when it is signed off. */
export async function createReview(tx: SecurityTransaction): Promise<Review> {
  const period = quarterOf(tx.now);
  const { caller } = tx;
  const told = { event: 'ACCESS_REVIEW_CREATED', operation: 'Created', period } as const;
  tx.attemptsElse((reason) => reviewRecord(caller, told, 'Failure', { reason }));
  const known = await rowOf(tx.db, period);
  if (known !== undefined) {
    assertUnsigned(known);
    throw new ServerError('already_exists', `the access review of ${period} is there already`);
  }
  const report = await reportAccess(tx.db, tx.now);
  await tx.db
    .insertInto('access_reviews')
    .values({
      period,
      created_at: tx.now.toISOString(),
      created_by: caller.session.user.username,
      report: JSON.stringify(report),
      signed_at: null,
      signed_by: null,
      comment: null,
    })
    .execute();
  const review = await findReview(tx.db, period);
  tx.record(reviewRecord(caller, told, 'Success', { after: modelOf(review) }));
  return review;
}

/**
 * Signs a review off: from then on it cannot be changed. Throws `not_found`, `review_signed`; `role_conflict` for those
 * who say who may do what themselves.
 */
export async function signReview(
  tx: SecurityTransaction,
  period: string,
  comment: string,
): Promise<Review> {
  const { caller } = tx;
  const review = await findReview(tx.db, period);
  const told = { event: 'ACCESS_REVIEW_SIGNED', operation: 'Signed', period } as const;
  tx.attemptsElse((reason) => reviewRecord(caller, told, 'Failure', { reason }));
  assertUnsigned({ period, signed_at: review.signedAt, signed_by: review.signedBy });
  await assertNotInCharge(tx);
  await tx.db
    .updateTable('access_reviews')
    .set({
      signed_at: tx.now.toISOString(),
      signed_by: caller.session.user.username,
      comment,
    })
    .where('period', '=', period)
    .execute();
  const signed = await findReview(tx.db, period);
  const after = modelOf(signed);
  tx.record(reviewRecord(caller, told, 'Success', { after, reason: comment }));
  return signed;
}

function assertUnsigned(
  row: Pick<Selectable<StateSchema['access_reviews']>, 'period' | 'signed_at' | 'signed_by'>,
): void {
  if (row.signed_at === null) return;
  throw new ServerError(
    'review_signed',
    `the access review of ${row.period} was signed off by ${row.signed_by} at ${row.signed_at}`,
  );
}

/** Who hands out rights is not who says that they are as they should be. */
async function assertNotInCharge(tx: SecurityTransaction): Promise<void> {
  const { user } = tx.caller.session;
  const { username, alias, roles } = user;
  const { address } = tx.caller.facts;
  const subject = { user: username, alias, roles, address, scopes: null };
  const policy = await readPolicy(tx.db);
  const inCharge = ADMINISTRATION.some((right) => policy.isAllowed(subject, right));
  if (!inCharge && !roles.includes('Administrator')) return;
  throw new ServerError(
    'role_conflict',
    'an access review is not signed off by those who say who may do what',
    { members: { held: roles } },
  );
}

async function rowOf(db: StateReader, period: string) {
  return await db
    .selectFrom('access_reviews')
    .selectAll()
    .where('period', '=', period)
    .executeTakeFirst();
}

function reviewOf(row: Selectable<StateSchema['access_reviews']>): Review {
  return {
    period: row.period,
    createdAt: row.created_at,
    createdBy: row.created_by,
    signedAt: row.signed_at,
    signedBy: row.signed_by,
    comment: row.comment,
    report: JSON.parse(row.report) as AccessReport,
  };
}

/** A review as records hold it. */
function modelOf({ report, ...review }: Review): JsonObject {
  const text = JSON.stringify(report);
  if (Buffer.byteLength(text) <= MAX_REPORT_BYTES)
    return { ...review, report: JSON.parse(text) as JsonObject };
  return { ...review, reportSha256: createHash('sha256').update(text).digest('hex') };
}

function reviewRecord(
  { session, facts }: Caller,
  { event, operation, period }: { event: string; operation: 'Created' | 'Signed'; period: string },
  outcome: 'Success' | 'Failure',
  { reason, ...models }: { after?: JsonObject; reason?: string },
): OwnDraft {
  return {
    event,
    outcome,
    operation,
    content: {
      actor: sessionActor(session),
      source,
      ...describeRequest(facts),
      target: { type: 'access review', id: period, name: period },
      ...models,
      ...(reason === undefined ? {} : { reason: foreign(reason) }),
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Session } from '../accounts/sessions.ts';
import type { StateReader, StateSchema, StateTransaction } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

type Row = Selectable<StateSchema['erasures']>;

/** Whoever asked or decided, by the names they had then. */
export interface Person {
  readonly username: string;
  readonly name: string;
}

/** A request to erase the content of a record, and what became of it. */
export interface Erasure {
  readonly id: string;
  /** Index of the record. */
  readonly index: number;
  readonly legalBasis: string;
  readonly reason: string;
  readonly state: Row['state'];
  readonly requestedAt: string;
  readonly requestedBy: Person;
  /** The account of who asked: a person is an account, whatever its user name and its session. */
  readonly requestedById: string;
  readonly decidedAt: string | null;
  readonly decidedBy: Person | null;
  readonly decidedBecause: string | null;
  readonly approvedAtSize: number | null;
  /** Index of the AUDIT_DATA_ERASED record. */
  readonly erasureRecord: number | null;
  readonly erasedAt: string | null;
}

/** Requests that wait for somebody: not yet decided, or approved and not yet carried out. */
export const OPEN_STATES = ['pending', 'approved'] as const satisfies readonly Row['state'][];

/** Makes a request. Throws `already_exists` when one for the same record is open. */
export async function insertRequest(
  tx: StateTransaction,
  { session, now, ...wanted }: NewRequest,
): Promise<Erasure> {
  const { index, legalBasis, reason } = wanted;
  const other = await tx
    .selectFrom('erasures')
    .select('id')
    .where('record', '=', index)
    .where('state', 'in', OPEN_STATES)
    .executeTakeFirst();
  if (other !== undefined) {
    throw new ServerError('already_exists', `the erasing of record ${index} is asked for already`, {
      members: { id: other.id },
    });
  }
  const row = await tx
    .insertInto('erasures')
    .values({
      id: randomUUID(),
      record: index,
      legal_basis: legalBasis,
      reason,
      state: 'pending',
      requested_at: now.toISOString(),
      requested_by: session.user.username,
      requested_by_name: session.user.name,
      requested_by_id: session.user.id,
      decided_at: null,
      decided_by: null,
      decided_by_name: null,
      decided_because: null,
      approved_at_size: null,
      erasure_record: null,
      erased_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return describe(row);
}

/** What a request says. */
export interface NewRequest {
  readonly index: number;
  readonly legalBasis: string;
  readonly reason: string;
  readonly session: Session;
  readonly now: Date;
}

/** The request of an id. Throws `not_found`. */
export async function findRequest(db: StateReader, id: string): Promise<Erasure> {
  const row = await db.selectFrom('erasures').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new ServerError('not_found', `there is no erasure "${id}"`);
  return describe(row);
}

/** Writes down a decision. */
export async function decide(
  tx: StateTransaction,
  id: string,
  decision: {
    readonly state: 'approved' | 'denied' | 'withdrawn';
    readonly by: Person;
    readonly at: Date;
    readonly because: string | null;
    readonly size: number | null;
  },
): Promise<Erasure> {
  const { state, by, at, because, size } = decision;
  const row = await tx
    .updateTable('erasures')
    .set({
      state,
      decided_at: at.toISOString(),
      decided_by: by.username,
      decided_by_name: by.name,
      decided_because: because,
      approved_at_size: size,
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return describe(row);
}

/** Writes down that a content is gone. */
export async function finishRequest(
  tx: StateTransaction,
  id: string,
  erasureRecord: number,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('erasures')
    .set({ state: 'done', erasure_record: erasureRecord, erased_at: at.toISOString() })
    .where('id', '=', id)
    .execute();
}

/** Requests that were approved and are not carried out, the oldest first. */
export async function listApproved(db: StateReader): Promise<Erasure[]> {
  const rows = await db
    .selectFrom('erasures')
    .selectAll()
    .where('state', '=', 'approved')
    .orderBy('position')
    .execute();
  return rows.map(describe);
}

/** A page of requests, the newest first. */
export interface RequestPage {
  readonly erasures: readonly Erasure[];
  /** All there are of these. */
  readonly total: number;
  /** To be given as `after`; null at the end. */
  readonly next: string | null;
}

/** Lists requests. Throws `cursor_invalid`. */
export async function listRequests(
  db: StateReader,
  {
    open,
    index,
    after,
    limit,
  }: {
    /** True: those that wait for somebody; false: the others; left out: all. */
    readonly open?: boolean | undefined;
    readonly index?: number | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<RequestPage> {
  if (after !== undefined && !/^[1-9][0-9]{0,14}$/.test(after)) {
    throw new ServerError('cursor_invalid', 'after: expected "next" of an earlier page');
  }
  let asked = db.selectFrom('erasures');
  if (open !== undefined) asked = asked.where('state', open ? 'in' : 'not in', OPEN_STATES);
  if (index !== undefined) asked = asked.where('record', '=', index);
  const { total } = await asked
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  let page = asked.selectAll();
  if (after !== undefined) page = page.where('position', '<', Number(after));
  const rows = await page
    .orderBy('position', 'desc')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? String(shown.at(-1)?.position ?? '') : null;
  return { erasures: shown.map(describe), total, next };
}

function describe(row: Row): Erasure {
  return {
    id: row.id,
    index: row.record,
    legalBasis: row.legal_basis,
    reason: row.reason,
    state: row.state,
    requestedAt: row.requested_at,
    requestedBy: { username: row.requested_by, name: row.requested_by_name },
    requestedById: row.requested_by_id,
    decidedAt: row.decided_at,
    decidedBy:
      row.decided_by === null
        ? null
        : { username: row.decided_by, name: row.decided_by_name ?? row.decided_by },
    decidedBecause: row.decided_because,
    approvedAtSize: row.approved_at_size,
    erasureRecord: row.erasure_record,
    erasedAt: row.erased_at,
  };
}

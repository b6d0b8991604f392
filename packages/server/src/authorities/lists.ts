import { createHash } from 'node:crypto';
import { signCrl, type RevokedEntry } from '../ca/crl.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import type { Authority } from './authority.ts';
import { pointers } from './issue.ts';
import { listGenerated, type By, type ListModel } from './records.ts';
import type { SigningKeys } from './signing-keys.ts';

export type ListKind = 'full' | 'delta';

/** The lists of an authority that are published now. */
export interface CurrentLists {
  readonly full: ListModel | null;
  /** Completes `full`; null: nothing was revoked since, or there are no delta lists. */
  readonly delta: ListModel | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A delta list is good for a while longer than the next one takes to come. */
const DELTA_OVERLAP_MS = 10 * MINUTE_MS;

/** The lists of an authority that are published now. */
export async function currentLists(db: StateReader, authority: string): Promise<CurrentLists> {
  const last = async (kind: ListKind) => {
    const row = await db
      .selectFrom('crls')
      .select(['number', 'base_number', 'this_update', 'next_update', 'entries', 'fingerprint'])
      .where('authority', '=', authority)
      .where('base_number', kind === 'full' ? 'is' : 'is not', null)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return null;
    return {
      number: row.number,
      baseNumber: row.base_number,
      thisUpdate: row.this_update,
      nextUpdate: row.next_update,
      entries: row.entries,
      fingerprint: row.fingerprint,
    };
  };
  const full = await last('full');
  const delta = await last('delta');
  return { full, delta: delta?.baseNumber === full?.number ? delta : null };
}

/** The bytes of a list, DER. */
export async function readList(
  db: StateReader,
  authority: string,
  number: number,
): Promise<Buffer | null> {
  const row = await db
    .selectFrom('crls')
    .select('der')
    .where('authority', '=', authority)
    .where('number', '=', number)
    .executeTakeFirst();
  return row === undefined ? null : Buffer.from(row.der, 'base64');
}

/** Which list an authority has to make now, or null. */
export function dueList(
  { settings, crlDueAt, certificate }: Pick<Authority, 'settings' | 'crlDueAt' | 'certificate'>,
  { full, delta }: CurrentLists,
  now: Date,
): ListKind | null {
  // After its end nobody believes what it signs.
  if (Date.parse(certificate.notAfter) <= now.getTime()) return null;
  // Settings may have been others when it was made: it never comes closer to its end than it should.
  const isOld = ({ thisUpdate, nextUpdate }: ListModel, age: number, overlap: number) =>
    Math.min(Date.parse(thisUpdate) + age, Date.parse(nextUpdate) - overlap) <= now.getTime();
  const { crlHours, crlOverlapHours, deltaMinutes } = settings;
  if (full === null || isOld(full, crlHours * HOUR_MS, crlOverlapHours * HOUR_MS)) return 'full';
  // Without delta lists any more, what the last one said has to stand in a full one.
  if (deltaMinutes === 0) return crlDueAt === null && delta === null ? null : 'full';
  if (crlDueAt !== null) return 'delta';
  return delta !== null && isOld(delta, deltaMinutes * MINUTE_MS, DELTA_OVERLAP_MS)
    ? 'delta'
    : null;
}

/**
 * Makes a list: signature, number and record in one transaction. A delta list says what has changed since the last full
 * one; without a full one before, a full one is made.
 */
export async function makeList(
  tx: AuditedTransaction,
  parts: { readonly keys: SigningKeys; readonly pkiUrl: string | null; readonly now: Date },
  authority: Authority,
  kind: ListKind,
  by: By,
): Promise<ListModel> {
  const { keys, pkiUrl, now } = parts;
  const { settings } = authority;
  const { full } = await currentLists(tx.db, authority.id);
  const base = kind === 'delta' ? full : null;
  const entries = await entriesSince(tx.db, authority.id, base, full);
  const good =
    base === null
      ? (settings.crlHours + settings.crlOverlapHours) * HOUR_MS
      : settings.deltaMinutes * MINUTE_MS + DELTA_OVERLAP_MS;
  const number = authority.crlNumber + 1;
  const thisUpdate = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
  const nextUpdate = new Date(thisUpdate.getTime() + good);
  const der = await signCrl({
    issuer: authority.certificate,
    signer: await keys.of(authority),
    number,
    baseNumber: base?.number,
    entries,
    thisUpdate,
    nextUpdate,
    deltaUrl: base === null ? pointers(authority, pkiUrl).deltaUrl : undefined,
  });
  const list: ListModel = {
    number,
    baseNumber: base?.number ?? null,
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    entries: entries.length,
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
  await storeList(tx.db, authority.id, list, der);
  tx.record(listGenerated(by, authority, list));
  return list;
}

async function storeList(
  db: StateTransaction,
  authority: string,
  list: ListModel,
  der: Buffer,
): Promise<void> {
  await db
    .insertInto('crls')
    .values({
      authority,
      number: list.number,
      base_number: list.baseNumber,
      this_update: list.thisUpdate,
      next_update: list.nextUpdate,
      entries: list.entries,
      fingerprint: list.fingerprint,
      der: der.toString('base64'),
    })
    .execute();
  await db
    .updateTable('authorities')
    .set({ crl_number: list.number, crl_due_at: null })
    .where('id', '=', authority)
    .execute();
  // Nobody is given a list that another has followed; that it was there stays known.
  await db
    .updateTable('crls')
    .set({ der: '' })
    .where('authority', '=', authority)
    .where('number', '<', list.baseNumber ?? list.number)
    .where('der', '!=', '')
    .execute();
}

/** What a list says: all that is revoked, or what has changed since `base`. */
async function entriesSince(
  db: StateReader,
  authority: string,
  base: ListModel | null,
  lastFull: ListModel | null,
): Promise<RevokedEntry[]> {
  let query = db
    .selectFrom('revoked_certificates')
    .select(['serial', 'reason', 'revoked_at', 'invalid_since', 'released_at'])
    .where('authority', '=', authority)
    .orderBy('revoked_at')
    .orderBy('serial');
  if (base === null) {
    query = query.where('released_at', 'is', null);
    // An entry stays for one list behind the certificate's end (RFC 5280 section 3.3).
    if (lastFull !== null) query = query.where('not_after', '>=', lastFull.thisUpdate);
  } else {
    query = query.where('changed_at', '>=', base.thisUpdate);
  }
  const rows = await query.execute();
  return rows.map((row) => ({
    serial: row.serial,
    reason: row.reason,
    revokedAt: new Date(row.revoked_at),
    invalidSince: row.invalid_since === null ? null : new Date(row.invalid_since),
    removed: row.released_at !== null,
  }));
}

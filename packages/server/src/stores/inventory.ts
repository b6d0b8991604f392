import { importFound } from '../certificates/import.ts';
import type { Vault } from '../ca/vault.ts';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import type { Recorder } from '../recording/recorder.ts';
import { ServerError } from '../errors.ts';
import type { Found } from './formats/found.ts';
import { storeRef, type Place } from './records.ts';

/** One certificate in a store, as the last inventory saw it. */
export interface InventoryRow {
  readonly alias: string;
  readonly chainPosition: number;
  readonly fingerprint: string;
  readonly hasPrivateKey: boolean;
  /** The managed certificate; null: it was deleted since. */
  readonly certificate: {
    readonly id: number;
    readonly subject: string;
    readonly notAfter: string;
    readonly state: 'active' | 'held' | 'revoked';
  } | null;
}

/** What is in a store, in the store's order. */
export async function listInventory(db: StateReader, store: string): Promise<InventoryRow[]> {
  const rows = await db
    .selectFrom('store_inventory')
    .leftJoin('certificates', 'certificates.fingerprint', 'store_inventory.fingerprint')
    .select(['alias', 'chain_position', 'store_inventory.fingerprint'])
    .select('store_inventory.has_private_key as has_key')
    .select(['certificates.id', 'certificates.subject', 'certificates.not_after'])
    .select('certificates.state')
    .where('store', '=', store)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    alias: row.alias,
    chainPosition: row.chain_position,
    fingerprint: row.fingerprint,
    hasPrivateKey: row.has_key === 1,
    certificate:
      row.id === null || row.subject === null || row.not_after === null || row.state === null
        ? null
        : { id: row.id, subject: row.subject, notAfter: row.not_after, state: row.state },
  }));
}

/** An entry of a store by its alias. Throws `not_found`. */
export async function findEntry(
  db: StateReader,
  store: string,
  alias: string,
): Promise<{ fingerprint: string }> {
  const row = await db
    .selectFrom('store_inventory')
    .select('fingerprint')
    .where('store', '=', store)
    .where('alias', '=', alias)
    .orderBy('chain_position')
    .orderBy('position')
    .executeTakeFirst();
  if (row === undefined)
    throw new ServerError(
      'not_found',
      `"${alias.slice(0, 300)}" was not in store ${store} when somebody looked last`,
    );
  return row;
}

const AT_A_TIME = 50;

/**
 * Takes up certificates that were found in a store and that nobody here knows: from now on they are managed like any
 * other that was imported. Each is recorded; what another has taken up meanwhile is passed over. Returns how many.
 */
export async function importUnknown(
  parts: { readonly recorder: Recorder; readonly vault: Vault; readonly clock: () => Date },
  db: StateReader,
  store: Place,
  found: readonly Found[],
): Promise<number> {
  const { recorder, vault, clock } = parts;
  const once = new Map(found.map(({ certificate }) => [certificate.fingerprint, certificate]));
  const unknown = await notKnown(db, [...once.values()]);
  for (let at = 0; at < unknown.length; at += AT_A_TIME) {
    await recorder.audited(async (tx) => {
      const some = await notKnown(tx.db, unknown.slice(at, at + AT_A_TIME));
      const here = { ...tx, by: 'timer' as const, now: clock(), platform: { vault } };
      await importFound(here, some, [storeRef(store, 'found in')]);
    });
  }
  return unknown.length;
}

/** Writes what a store holds, in the place of what it held. Recorded by whoever calls. */
export async function replaceInventory(
  db: StateTransaction,
  store: string,
  found: readonly Found[],
  now: Date,
): Promise<void> {
  await db.deleteFrom('store_inventory').where('store', '=', store).execute();
  const rows = found.map((one, position) => ({
    store,
    position,
    alias: one.alias,
    chain_position: one.chainPosition,
    fingerprint: one.certificate.fingerprint,
    has_private_key: one.hasPrivateKey ? 1 : 0,
  }));
  for (let at = 0; at < rows.length; at += AT_A_TIME)
    await db
      .insertInto('store_inventory')
      .values(rows.slice(at, at + AT_A_TIME))
      .execute();
  await db
    .updateTable('stores')
    .set({ inventoried_at: now.toISOString() })
    .where('id', '=', store)
    .execute();
}

async function notKnown(
  db: StateReader,
  certificates: readonly CertificateFacts[],
): Promise<CertificateFacts[]> {
  const known = new Set<string>();
  for (let at = 0; at < certificates.length; at += AT_A_TIME) {
    const some = certificates.slice(at, at + AT_A_TIME).map(({ fingerprint }) => fingerprint);
    const rows = await db
      .selectFrom('certificates')
      .select('fingerprint')
      .where('fingerprint', 'in', some)
      .execute();
    for (const { fingerprint } of rows) known.add(fingerprint);
  }
  return certificates.filter(({ fingerprint }) => !known.has(fingerprint));
}

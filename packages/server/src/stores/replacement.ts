import type { StateReader } from '../database/schema.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import { replacementScheduled, type By } from './records.ts';

/** A store that holds a certificate, as the certificate's page shows it. */
export interface StoreOfCertificate {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
}

/** The stores in which a certificate was found when somebody looked last; also those where it stands above another. */
export async function storesOf(
  db: StateReader,
  fingerprint: string,
): Promise<StoreOfCertificate[]> {
  return await db
    .selectFrom('store_inventory')
    .innerJoin('stores', 'stores.id', 'store_inventory.store')
    .select(['stores.id', 'stores.display_name as name', 'store_inventory.alias'])
    .where('store_inventory.fingerprint', '=', fingerprint)
    .orderBy('stores.display_name')
    .orderBy('store_inventory.position')
    .execute();
}

/** What a replacement is about, of either certificate. */
interface Named {
  readonly id: number;
  /** SHA-256, hex. */
  readonly fingerprint: string;
  readonly subject: string;
}

/**
 * After a renewal: schedules, at once, that the new certificate takes the place of the old one in every approved store
 * that holds it as an entry of its own, and records each (Scheduled Replacement). The new certificate's private key goes
 * along where the store has the old one's; it must be kept by the product, or the job fails and says so. Inside the
 * transaction of the renewal; the work begins after its commit.
 *
 * @returns the ids of the stores
 */
export async function scheduleReplacement(
  tx: AuditedTransaction,
  replacement: {
    readonly oldCertificate: Named;
    readonly newCertificate: Named;
    readonly by: By;
    readonly now: Date;
  },
): Promise<string[]> {
  const { oldCertificate, newCertificate, by, now } = replacement;
  const held = await tx.db
    .selectFrom('store_inventory')
    .innerJoin('stores', 'stores.id', 'store_inventory.store')
    .select(['stores.id', 'stores.machine', 'stores.path'])
    .select(['store_inventory.alias', 'store_inventory.has_private_key'])
    .where('store_inventory.fingerprint', '=', oldCertificate.fingerprint)
    .where('store_inventory.chain_position', '=', 0)
    .where('stores.approved', '=', 1)
    .orderBy('stores.machine')
    .orderBy('stores.path')
    .orderBy('store_inventory.position')
    .execute();
  for (const { alias, has_private_key, ...store } of held) {
    const details = {
      certificate: newCertificate.id,
      fingerprint: newCertificate.fingerprint,
      subject: newCertificate.subject,
      alias,
      replaces: oldCertificate.fingerprint,
      includePrivateKey: has_private_key === 1,
      overwrite: true,
    };
    const schedule = { immediate: true };
    await tx.db
      .insertInto('store_jobs')
      .values({
        kind: 'replace',
        state: 'scheduled',
        store: store.id,
        machine: store.machine,
        schedule: JSON.stringify(schedule),
        due_at: now.toISOString(),
        attempts: 0,
        details: JSON.stringify(details),
        sealed: null,
        error: null,
        requested_by: by?.session.user.username ?? '$System$',
        created_at: now.toISOString(),
        ended_at: null,
      })
      .execute();
    const after = {
      store: store.id,
      alias,
      certificate: newCertificate.fingerprint,
      replaces: oldCertificate.fingerprint,
      schedule,
    };
    const what = { store, alias, old: oldCertificate, renewed: newCertificate, after };
    tx.record(replacementScheduled(what, by));
  }
  return [...new Set(held.map(({ id }) => id))];
}

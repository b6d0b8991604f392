import type { StateTransaction } from '../database/schema.ts';

/** A certificate of one of our authorities that is revoked, or held. */
export interface Revocation {
  /** The authority's id. */
  readonly authority: string;
  /** Hex, lower case, without leading zeros. */
  readonly serial: string;
  /** RFC 5280 section 5.3.1; 6 holds. */
  readonly reason: number;
  readonly revokedAt: Date;
  /** Since when it was not to be trusted, where that is another time. */
  readonly invalidSince?: Date | null;
  /** RFC 3339: an entry may leave the lists after it. */
  readonly notAfter: string;
}

/**
 * Puts certificates on the lists of their authorities, and marks those as due; the lists themselves are made by the clock
 * a moment later, OCSP answers from here at once. The caller records the revocations.
 */
export async function addRevocations(
  db: StateTransaction,
  revocations: readonly Revocation[],
  now: Date,
): Promise<void> {
  for (const one of revocations) {
    const values = {
      reason: one.reason,
      revoked_at: one.revokedAt.toISOString(),
      invalid_since: one.invalidSince?.toISOString() ?? null,
      not_after: one.notAfter,
      released_at: null,
      changed_at: now.toISOString(),
    };
    await db
      .insertInto('revoked_certificates')
      .values({ authority: one.authority, serial: one.serial, ...values })
      .onConflict((conflict) => conflict.columns(['authority', 'serial']).doUpdateSet(values))
      .execute();
  }
  await markDue(db, revocations, now);
}

/** Takes certificates off hold again; a delta list says so. The caller records it. */
export async function releaseCertificates(
  db: StateTransaction,
  released: readonly Pick<Revocation, 'authority' | 'serial'>[],
  now: Date,
): Promise<void> {
  for (const { authority, serial } of released) {
    await db
      .updateTable('revoked_certificates')
      .set({ released_at: now.toISOString(), changed_at: now.toISOString() })
      .where('authority', '=', authority)
      .where('serial', '=', serial)
      .execute();
  }
  await markDue(db, released, now);
}

async function markDue(
  db: StateTransaction,
  changed: readonly Pick<Revocation, 'authority'>[],
  now: Date,
): Promise<void> {
  for (const authority of new Set(changed.map((one) => one.authority))) {
    await db
      .updateTable('authorities')
      .set({ crl_due_at: now.toISOString() })
      .where('id', '=', authority)
      .where('crl_due_at', 'is', null)
      .execute();
  }
}

import { QueryError } from '@countersign/records';
import type { Standing } from '../authorization/admitted.ts';
import { listStoredCollections, type StoredCollection } from '../collections/collections.ts';
import { CERTIFICATE_OPERATIONS, collectionsFor, mayUseAll, mayUseCertificate } from './access.ts';
import { findCertificate, readDetails } from './certificate-view.ts';
import type { Certificate, CertificateDetails } from './certificate-view.ts';
import { queryReader } from './query/read-query.ts';

/** A certificate with everything around it, as it is shown to somebody alone. */
export interface WholeCertificate extends Certificate, CertificateDetails {
  /** Those that hold it, as far as he may see what is in them. */
  readonly collections: readonly { readonly id: number; readonly name: string }[];
  /** Where it was found when somebody looked last. */
  readonly stores: readonly {
    readonly id: string;
    readonly name: string;
    readonly alias: string;
  }[];
  /** What he may do with it. */
  readonly rights: readonly string[];
}

/** One certificate as it is shown to somebody. Throws `not_found`. */
export async function findWholeCertificate(
  standing: Standing,
  id: number,
): Promise<WholeCertificate> {
  const { db, now } = standing;
  const certificate = await findCertificate(db, id, now);
  const rights: string[] = [];
  for (const operation of CERTIFICATE_OPERATIONS)
    if (await mayUseCertificate(standing, id, operation)) rights.push(operation);
  return {
    ...certificate,
    ...(await readDetails(db, id)),
    collections: await collectionsHolding(standing, id),
    stores: await storesHolding(standing, certificate.fingerprint),
    rights,
  };
}

async function collectionsHolding(
  standing: Standing,
  certificateId: number,
): Promise<{ id: number; name: string }[]> {
  const { db, now, subject } = standing;
  const readable = mayUseAll(standing, 'read')
    ? await listStoredCollections(db)
    : await collectionsFor(standing, 'read');
  if (readable.length === 0) return [];
  const read = await queryReader(db, { now, me: subject.user });
  const holds = async ({ query }: StoredCollection): Promise<boolean> => {
    try {
      const row = await db
        .selectFrom('certificates')
        .select('id')
        .where('id', '=', certificateId)
        .where(await read(query))
        .executeTakeFirst();
      return row !== undefined;
    } catch (error) {
      if (error instanceof QueryError) return false;
      throw error;
    }
  };
  const holding: { id: number; name: string }[] = [];
  for (const collection of readable)
    if (await holds(collection)) holding.push({ id: collection.id, name: collection.name });
  return holding;
}

async function storesHolding(
  { db }: Standing,
  fingerprint: string,
): Promise<{ id: string; name: string; alias: string }[]> {
  return await db
    .selectFrom('store_inventory')
    .innerJoin('stores', 'stores.id', 'store_inventory.store')
    .select(['stores.id', 'stores.display_name as name', 'store_inventory.alias'])
    .where('store_inventory.fingerprint', '=', fingerprint)
    .where('store_inventory.chain_position', '=', 0)
    .orderBy('stores.display_name')
    .orderBy('store_inventory.alias')
    .execute();
}

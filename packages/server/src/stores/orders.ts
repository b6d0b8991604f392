import type { ChangeTransaction } from '../authorization/admitted.ts';
import { findCertificate } from '../certificates/certificate-view.ts';
import { faultyField, ServerError } from '../errors.ts';
import { aliasFor } from './aliases.ts';
import { faultOfPath } from './files/store-files.ts';
import { findEntry } from './inventory.ts';
import { replaceInventorySchedule, scheduleJob } from './jobs.ts';
import { storeValues } from './open-store.ts';
import { jobScheduled, storeRef } from './records.ts';
import { certificateRef } from '../certificates/refs.ts';
import type { Schedule } from './schedule.ts';
import { LOCALHOST } from './servers.ts';
import { findStore, placeOfStore, storeModel, type Store } from './store-view.ts';
import { listStoreTypes } from './store-types.ts';
import { assertPlace } from './stores.ts';

/** A store in which a certificate is to be. */
export interface AddTo {
  readonly store: string;
  readonly alias: string | null;
  readonly overwrite: boolean;
  readonly entryPassword: string | null;
  readonly includePrivateKey: boolean;
}

/** Schedules that a certificate is added to stores. Throws `not_found`, `request_invalid`, `store_not_approved`, `key_not_kept`. */
export async function orderAdd(
  tx: ChangeTransaction,
  certificateId: number,
  stores: readonly AddTo[],
  schedule: Schedule,
): Promise<number[]> {
  const certificate = await findCertificate(tx.db, certificateId, tx.now);
  const { fingerprint, subject } = certificate;
  const jobs: number[] = [];
  for (const [i, order] of stores.entries()) {
    const field = `stores.${i}`;
    const store = await approvedStore(tx, order.store);
    const values = await storeValues(tx.db, order.store);
    const alias = aliasFor(values, order.alias, subject, `${field}.alias`);
    const { overwrite, includePrivateKey, entryPassword: secret } = order;
    if (includePrivateKey && !certificate.hasPrivateKey)
      throw new ServerError(
        'key_not_kept',
        `the private key of certificate ${certificateId} is not kept here`,
      );
    assertEntryPassword(values, order, `${field}.entryPassword`);
    jobs.push(
      await scheduleJob(tx, {
        kind: 'add',
        store: placeOfStore(store),
        machine: store.clientMachine,
        schedule,
        details: {
          certificate: certificateId,
          fingerprint,
          subject,
          alias,
          overwrite,
          includePrivateKey,
        },
        secret,
        related: [certificateRef(certificate)],
      }),
    );
  }
  return jobs;
}

/** Schedules that entries are taken out of stores. Throws `not_found`, `store_not_approved`. */
export async function orderRemoval(
  tx: ChangeTransaction,
  entries: readonly { readonly store: string; readonly alias: string }[],
  schedule: Schedule,
): Promise<number[]> {
  const jobs: number[] = [];
  for (const { store: id, alias } of entries) {
    const store = await approvedStore(tx, id);
    const { fingerprint } = await findEntry(tx.db, id, alias);
    const known = await tx.db
      .selectFrom('certificates')
      .select('subject')
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    const subject = known?.subject ?? '';
    jobs.push(
      await scheduleJob(tx, {
        kind: 'remove',
        store: placeOfStore(store),
        machine: store.clientMachine,
        schedule,
        details: { alias, fingerprint, subject },
        related: [certificateRef({ fingerprint, subject })],
      }),
    );
  }
  return jobs;
}

/** Has a store looked through now. Throws `not_found`, `store_not_approved`. */
export async function orderInventory(tx: ChangeTransaction, id: string): Promise<number> {
  const store = await approvedStore(tx, id);
  return await scheduleJob(tx, {
    kind: 'inventory',
    store: placeOfStore(store),
    machine: store.clientMachine,
    schedule: { immediate: true },
    details: {},
  });
}

/** Sets when a store is looked through by itself; null: never. Throws `not_found`, `store_not_approved`. */
export async function setInventorySchedule(
  tx: ChangeTransaction,
  id: string,
  schedule: Schedule | null,
): Promise<Store> {
  const old = await approvedStore(tx, id);
  const place = placeOfStore(old);
  await replaceInventorySchedule(tx, place, schedule, tx.caller);
  const store = await findStore(tx.db, id);
  const models = { before: storeModel(old), after: storeModel(store) };
  const about = { kind: 'inventory' as const, target: storeRef(place), alias: null, related: [] };
  tx.record(jobScheduled({ ...about, schedule, ...models }, tx.caller));
  return store;
}

/** Has stores looked for on a machine. Throws `request_invalid`, `store_path_refused`. */
export async function orderDiscovery(
  tx: ChangeTransaction,
  order: {
    readonly clientMachine: string;
    readonly path: string;
    readonly types: readonly string[];
  },
  schedule: Schedule,
): Promise<number> {
  const { clientMachine, path, types } = order;
  const fault = faultOfPath(path);
  if (fault !== null) throw faultyField('path', fault, JSON.stringify(path.slice(0, 200)));
  if (clientMachine === LOCALHOST)
    assertPlace({ clientMachine, path: `${path}/x` }, tx.platform.config.storeRoots);
  const known = await listStoreTypes(tx.db);
  for (const [i, name] of types.entries())
    if (!known.some((type) => type.name === name))
      throw faultyField(`types.${i}`, 'a store type that is there', `"${name.slice(0, 100)}"`);
  const details = { path, types };
  return await scheduleJob(tx, {
    kind: 'discovery',
    store: null,
    machine: clientMachine,
    schedule,
    details,
  });
}

/** A store at which work may be done. Throws `not_found`, `store_not_approved`. */
export async function approvedStore(tx: ChangeTransaction, id: string): Promise<Store> {
  const store = await findStore(tx.db, id);
  if (!store.approved)
    throw new ServerError('store_not_approved', `${store.displayName} has to be approved first`);
  return store;
}

function assertEntryPassword(
  { kind, entryPassword }: Awaited<ReturnType<typeof storeValues>>,
  { includePrivateKey, entryPassword: given }: AddTo,
  field: string,
): void {
  if (given !== null && (kind === 'pkcs12-file' || entryPassword === 'none'))
    throw faultyField(field, 'none, as keys have none in a store of this type', 'a password');
  if (given !== null && !includePrivateKey)
    throw faultyField(field, 'none without a private key', 'a password');
  if (given === null && includePrivateKey && entryPassword === 'required')
    throw faultyField(field, 'a password, as the type of the store demands', 'none');
}

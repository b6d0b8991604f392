import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ServerError } from '../errors.ts';
import type { JobKind } from '../database/store-schema.ts';
import { discoverStores, type Discovered } from './discovery.ts';
import type { Found } from './formats/found.ts';
import { inventoryOf, putInto, removeFrom, type OpenStore } from './keystore.ts';
import { readKey, readMaterial } from './material.ts';
import { atStore, openFiles, type StoreParts } from './open-store.ts';
import { aboutJob, type JobDetails } from './jobs.ts';
import { listStoreTypes } from './store-types.ts';

/** A job that is being done. */
export interface RunningJob {
  readonly id: number;
  readonly kind: JobKind;
  readonly store: string | null;
  readonly machine: string;
  readonly details: JobDetails;
  readonly sealed: string | null;
}

/** What has come of it. */
export interface Outcome {
  /** What is in the store afterwards. */
  readonly found?: readonly Found[];
  readonly discovered?: readonly Discovered[];
  /** Somebody has to decide first: it is looked at again later. */
  readonly waits?: boolean;
}

/** Does a job: at the store, on its machine; nothing in the state is changed. Doing it twice is doing it once. */
export async function doJob(parts: StoreParts, job: RunningJob): Promise<Outcome> {
  if (job.kind === 'discovery') return { discovered: await discover(parts, job) };
  if (job.store === null) throw new Error(`bad job ${job.id}: no store`);
  const placed =
    job.kind === 'inventory' || job.kind === 'remove' ? null : await toPlace(parts, job);
  if (placed === 'waits') return { waits: true };
  return await atStore(parts, job.store, async (store) => {
    if (job.kind === 'remove') await remove(store, job);
    else if (placed !== null) await place(store, job, placed);
    return { found: await inventoryOf(store) };
  });
}

/** A certificate with what belongs to it. */
interface Placed extends Awaited<ReturnType<typeof readMaterial>> {
  readonly key: KeyObject | null;
  readonly entryPassword: string | null;
}

async function toPlace(
  { state: { db }, vault }: StoreParts,
  job: RunningJob,
): Promise<Placed | 'waits'> {
  const { details } = job;
  const secret = job.sealed === null ? null : vault.open(job.sealed, aboutJob(job.id));
  const id = details.certificate ?? (await certificateOfRequest(db, details.request));
  if (id === null) return 'waits';
  const material = await readMaterial(db, id);
  if (job.kind === 'reenroll') {
    if (secret === null) throw new Error(`bad job ${job.id}: no key`);
    const key = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
    return { ...material, key, entryPassword: null };
  }
  const { fingerprint } = material.certificate;
  const key =
    details.includePrivateKey === true ? await readKey(db, vault, { id, fingerprint }) : null;
  return { ...material, key, entryPassword: secret?.toString('utf8') ?? null };
}

async function certificateOfRequest(
  db: StoreParts['state']['db'],
  request: number | undefined,
): Promise<number | null> {
  const row = await db
    .selectFrom('certificate_requests')
    .select(['state', 'certificate'])
    .where('id', '=', request ?? 0)
    .executeTakeFirst();
  if (row === undefined || row.state === 'denied')
    throw new ServerError('job_ended', `certificate request ${request} was denied`);
  return row.certificate;
}

async function place(store: OpenStore, { details }: RunningJob, placed: Placed): Promise<void> {
  const { certificate, chain, key, entryPassword } = placed;
  const { alias = null, overwrite = false, replaces } = details;
  if (replaces !== undefined && store.kind !== 'pem-file') {
    const held = (await inventoryOf(store)).filter(({ chainPosition }) => chainPosition === 0);
    const there = held.find((one) => one.alias.toLowerCase() === alias?.toLowerCase());
    const now = there?.certificate.fingerprint;
    if (now !== undefined && now !== replaces && now !== certificate.fingerprint)
      throw new ServerError(
        'entry_exists',
        `"${alias}" is neither the certificate that was renewed nor the new one`,
      );
  }
  await putInto(store, { certificate, chain, key, entryPassword, overwrite, alias });
}

async function remove(store: OpenStore, { id, details }: RunningJob): Promise<void> {
  const { alias, fingerprint } = details;
  if (typeof alias !== 'string' || fingerprint === undefined)
    throw new Error(`bad job ${id}: no entry`);
  const held = (await inventoryOf(store)).filter((one) => one.alias === alias);
  if (held.length === 0) return;
  // Between the inventory and now somebody may have put another one there.
  if (!held.some(({ certificate }) => certificate.fingerprint === fingerprint))
    throw new ServerError(
      'entry_exists',
      `"${alias}" is another certificate than it was when its removal was scheduled`,
    );
  await removeFrom(store, { alias, fingerprint });
}

async function discover(parts: StoreParts, job: RunningJob): Promise<Discovered[]> {
  const { path = '/', types = [] } = job.details;
  const sought = (await listStoreTypes(parts.state.db)).filter(({ name }) => types.includes(name));
  const files = await openFiles(parts, job.machine);
  try {
    return await discoverStores(files, path, sought);
  } finally {
    await files.close();
  }
}

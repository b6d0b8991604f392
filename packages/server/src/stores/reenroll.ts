import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { SubjectAltName } from '../ca/alt-names.ts';
import { makeCsr } from '../ca/csr.ts';
import { generateKeyPair, type KeyAlgorithm } from '../ca/key-algorithm.ts';
import { enroll, resolveEnrollment, type KeyedEnrollment } from '../certificates/enroll.ts';
import { requestRef } from '../certificates/records.ts';
import { certificateRef } from '../certificates/refs.ts';
import type { StateReader } from '../database/schema.ts';
import { aliasFor } from './aliases.ts';
import { scheduleJob } from './jobs.ts';
import { storeValues } from './open-store.ts';
import { approvedStore } from './orders.ts';
import type { Schedule } from './schedule.ts';
import { placeOfStore } from './store-view.ts';

/** A certificate with a new key that a store is to have. */
export interface Reenrollment {
  readonly store: string;
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm?: KeyAlgorithm | undefined;
  readonly template: string;
  readonly authority: string | null;
  readonly alias: string | null;
  readonly overwrite: boolean;
}

/** The same with its key and its request; the key is for the store alone. */
export interface KeyedReenrollment extends Reenrollment {
  readonly enrollment: KeyedEnrollment;
  /** PKCS#8, DER. */
  readonly key: Buffer;
}

/**
 * Makes the key and the request, when they would be accepted. Before the transaction: RSA keys take their time.
 *
 * @throws ServerError what `resolveEnrollment` throws
 */
export async function makeReenrollmentKey(
  db: StateReader,
  order: Reenrollment,
): Promise<KeyedReenrollment> {
  const { subject, sans, template, authority } = order;
  const enrollment = {
    kind: 'csr' as const,
    template,
    authority,
    subject,
    sans,
    keyAlgorithm: order.keyAlgorithm,
    metadata: {},
    comment: null,
    renews: null,
  };
  const { resolved } = await resolveEnrollment(db, enrollment, null);
  const { keyAlgorithm } = resolved;
  const { privateKey, publicKey } = await generateKeyPair(keyAlgorithm);
  const csr = await makeCsr({ subject: resolved.subject, sans: resolved.sans, key: privateKey });
  return {
    ...order,
    enrollment: { ...enrollment, keyAlgorithm, publicKey, privateKey: null, csr },
    key: privateKey.export({ type: 'pkcs8', format: 'der' }),
  };
}

/**
 * Enrolls for a store and schedules that certificate and key are placed there; where somebody has to decide on the
 * request first, that is waited for. The key is kept, sealed, until it is in the store. Returns the job's number.
 */
export async function orderReenrollment(
  tx: ChangeTransaction,
  order: KeyedReenrollment,
  schedule: Schedule,
): Promise<number> {
  const store = await approvedStore(tx, order.store);
  const values = await storeValues(tx.db, order.store);
  const alias = aliasFor(values, order.alias, order.enrollment.subject, 'alias');
  const { request, certificate } = await enroll(tx, order.enrollment);
  const subject = certificate?.subject ?? order.enrollment.subject;
  const issued =
    certificate === null
      ? {}
      : { certificate: certificate.id, fingerprint: certificate.fingerprint };
  return await scheduleJob(tx, {
    kind: 'reenroll',
    store: placeOfStore(store),
    machine: store.clientMachine,
    schedule,
    details: { request, subject, alias, overwrite: order.overwrite, ...issued },
    secret: order.key,
    related: [
      requestRef({ id: request, subject }),
      ...(certificate === null ? [] : [certificateRef(certificate)]),
    ],
  });
}

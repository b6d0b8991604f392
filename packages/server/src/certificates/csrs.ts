import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { CertificateSchema } from '../database/certificate-schema.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { publicKeyId } from './insert-certificate.ts';
import { keyOfCsr, sealKey } from './keys.ts';
import { csrTold } from './records.ts';

/** A request that was generated here; its key waits for the certificate. */
export interface Csr {
  readonly id: number;
  readonly subject: string;
  readonly keyAlgorithm: string;
  readonly template: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
}

/** A request with its text. */
export interface CsrWithText extends Csr {
  /** PEM. */
  readonly csr: string;
}

/** All of them, newest first. */
export async function listCsrs(db: StateReader): Promise<Csr[]> {
  const rows = await db.selectFrom('signing_requests').selectAll().orderBy('id', 'desc').execute();
  return rows.map((row) => {
    const { csr: _text, ...csr } = toCsr(row);
    return csr;
  });
}

/** One of them. Throws `not_found`. */
export async function findCsr(db: StateReader, id: number): Promise<CsrWithText> {
  const row = await db
    .selectFrom('signing_requests')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new ServerError('not_found', `there is no generated request ${id}`);
  return toCsr(row);
}

/** Keeps a request that was generated, with its key, and records it. */
export async function keepCsr(
  tx: ChangeTransaction,
  made: {
    readonly subject: string;
    readonly keyAlgorithm: string;
    readonly template: string | null;
    readonly csr: string;
    readonly privateKey: KeyObject;
  },
): Promise<CsrWithText> {
  const { privateKey, ...rest } = made;
  const publicKey = publicKeyId(createPublicKey(privateKey));
  const { id } = await tx.db
    .insertInto('signing_requests')
    .values({
      subject: rest.subject,
      key_algorithm: rest.keyAlgorithm,
      template: rest.template,
      csr: rest.csr,
      public_key: publicKey,
      private_key: sealKey(tx.platform.vault, privateKey, keyOfCsr(publicKey)),
      created_at: tx.now.toISOString(),
      created_by: tx.caller.session.user.username,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const csr = await findCsr(tx.db, id);
  tx.record(csrTold(tx.caller, 'Created', csr, modelOf(csr)));
  return csr;
}

/** Records that a request is downloaded again. Throws `not_found`. */
export async function downloadCsr(tx: ChangeTransaction, id: number): Promise<CsrWithText> {
  const csr = await findCsr(tx.db, id);
  tx.record(csrTold(tx.caller, 'Downloaded', csr, modelOf(csr)));
  return csr;
}

/** Deletes requests, all or none, and the keys that wait with them; each is recorded. Throws `not_found`. */
export async function deleteCsrs(tx: ChangeTransaction, ids: readonly number[]): Promise<void> {
  for (const id of new Set(ids)) {
    const csr = await findCsr(tx.db, id);
    await tx.db.deleteFrom('signing_requests').where('id', '=', id).execute();
    tx.record(csrTold(tx.caller, 'Deleted', csr, modelOf(csr)));
  }
}

function toCsr(row: Selectable<CertificateSchema['signing_requests']>): CsrWithText {
  return {
    id: row.id,
    subject: row.subject,
    keyAlgorithm: row.key_algorithm,
    template: row.template,
    createdAt: row.created_at,
    createdBy: row.created_by,
    csr: row.csr,
  };
}

function modelOf(csr: CsrWithText): JsonObject {
  return { ...csr };
}

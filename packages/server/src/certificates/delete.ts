import type { ChangeTransaction } from '../authorization/admitted.ts';
import { ServerError } from '../errors.ts';
import { findCertificate, type Certificate } from './certificate-view.ts';
import { certificateTold } from './records.ts';
import { assertNotOwn } from './revoke.ts';

/**
 * Deletes a certificate: it is managed no longer, its key is gone. If it was revoked it stays on the lists of its
 * authority. Throws `not_found`, `built_in`.
 */
export async function deleteCertificate(tx: ChangeTransaction, id: number): Promise<void> {
  const before = await findCertificate(tx.db, id, tx.now);
  assertNotOwn(before);
  await tx.db
    .updateTable('certificate_requests')
    .set({ certificate: null, private_key: null })
    .where('certificate', '=', id)
    .execute();
  await tx.db.updateTable('certificates').set({ renews: null }).where('renews', '=', id).execute();
  await tx.db.deleteFrom('certificates').where('id', '=', id).execute();
  tx.record(certificateTold(tx.caller, 'CERT_DELETED', { before }));
}

/** Gives a certificate to a role, or to none, and records it. Throws `not_found`, `request_invalid`. */
export async function changeOwner(
  tx: ChangeTransaction,
  id: number,
  role: string | null,
): Promise<Certificate> {
  const before = await findCertificate(tx.db, id, tx.now);
  if (role !== null) {
    const found = await tx.db
      .selectFrom('roles')
      .select('name')
      .where('name', '=', role)
      .executeTakeFirst();
    if (found === undefined)
      throw new ServerError(
        'request_invalid',
        `role: expected a role that is there, got "${role}"`,
        {
          members: {
            in: 'body',
            errors: [{ field: 'role', expected: 'a role that is there', got: role }],
          },
        },
      );
  }
  if (before.ownerRole === role) return before;
  await tx.db.updateTable('certificates').set({ owner_role: role }).where('id', '=', id).execute();
  const after = await findCertificate(tx.db, id, tx.now);
  const roles = [before.ownerRole, role].filter((name) => name !== null);
  tx.record(
    certificateTold(tx.caller, 'CERT_OWNER_CHANGED', {
      before,
      after,
      related: roles.map((name) => ({ type: 'role', id: name, name })),
    }),
  );
  return after;
}

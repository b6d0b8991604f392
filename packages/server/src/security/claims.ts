import { randomUUID } from 'node:crypto';
import { ServerError } from '../errors.ts';
import { faultyField } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { assertNotHeld, assertNotNamed } from './guards.ts';
import { CLAIM, claimRef, type Attempt } from './records.ts';
import { claimModel, findRole, listClaims, type Claim } from './role-view.ts';
import { affectMembers } from './roles.ts';

/** Keyfactor's claim types. */
export const CLAIM_TYPES = [
  'User',
  'Group',
  'Computer',
  'OAuthOid',
  'OAuthRole',
  'OAuthSubject',
  'OAuthClientId',
] as const satisfies readonly Claim['type'][];

/** So many claims lead to one role at most. */
export const MAX_CLAIMS = 200;

/** A claim to be made. */
export type NewClaim = Omit<Claim, 'id' | 'createdAt'>;

/**
 * Lets everybody of whom an identity provider claims something hold a role. Throws `not_found` for the role, `own_role`,
 * `already_exists`.
 */
export async function createClaim(tx: SecurityTransaction, wanted: NewClaim): Promise<Claim> {
  const role = await findRole(tx.db, wanted.role);
  const claim: Claim = {
    ...wanted,
    role: role.name,
    id: randomUUID(),
    createdAt: tx.now.toISOString(),
  };
  const attempt: Attempt = { ...CLAIM, operation: 'Created', ...claimRef(claim) };
  tx.attempts(attempt);
  await assertNotHeld(tx, role.name);
  await assertNotNamed(tx, claim);
  if (role.claims.length >= MAX_CLAIMS)
    throw faultyField('role', `a role with fewer than ${MAX_CLAIMS} claims`, role.name);
  await assertNew(tx, claim);
  const { createdAt, ...row } = claim;
  await tx.db
    .insertInto('role_claims')
    .values({ ...row, created_at: createdAt })
    .execute();
  tx.changed(attempt, { before: null, after: claimModel(claim) });
  return claim;
}

/** What can be changed of a claim; left out: stays as it is. */
export type ClaimChange = {
  readonly [K in Exclude<keyof NewClaim, 'role'>]?: NewClaim[K] | undefined;
};

/** Changes a claim. Sessions that hold the role by a claim end. Throws `not_found`, `own_role`, `already_exists`. */
export async function updateClaim(
  tx: SecurityTransaction,
  id: string,
  change: ClaimChange,
): Promise<Claim> {
  const claim = await findClaim(tx, id);
  const wanted: Claim = {
    ...claim,
    provider: change.provider ?? claim.provider,
    type: change.type ?? claim.type,
    value: change.value ?? claim.value,
    description: change.description ?? claim.description,
  };
  const attempt: Attempt = { ...CLAIM, operation: 'Updated', ...claimRef(wanted) };
  tx.attempts(attempt);
  const { provider, type, value, description } = wanted;
  if (JSON.stringify(wanted) === JSON.stringify(claim)) return claim;
  if (provider !== claim.provider || type !== claim.type || value !== claim.value) {
    await assertNotHeld(tx, claim.role);
    await assertNotNamed(tx, wanted);
    await assertNew(tx, wanted);
    await affectMembers(tx, claim.role);
  }
  await tx.db
    .updateTable('role_claims')
    .set({ provider, type, value, description })
    .where('id', '=', id)
    .execute();
  tx.changed(attempt, { before: claimModel(claim), after: claimModel(wanted) });
  return wanted;
}

/** Deletes a claim. Sessions that hold the role by a claim end. Throws `not_found`, `own_role`. */
export async function deleteClaim(tx: SecurityTransaction, id: string): Promise<void> {
  const claim = await findClaim(tx, id);
  const attempt: Attempt = { ...CLAIM, operation: 'Deleted', ...claimRef(claim) };
  tx.attempts(attempt);
  await assertNotHeld(tx, claim.role);
  await affectMembers(tx, claim.role);
  await tx.db.deleteFrom('role_claims').where('id', '=', id).execute();
  tx.changed(attempt, { before: claimModel(claim), after: null });
}

async function findClaim(tx: SecurityTransaction, id: string): Promise<Claim> {
  const claim = (await listClaims(tx.db)).find((known) => known.id === id);
  if (claim === undefined)
    throw new ServerError('not_found', `there is no claim "${id.slice(0, 100)}"`);
  return claim;
}

async function assertNew(tx: SecurityTransaction, wanted: Claim): Promise<void> {
  const same = (await listClaims(tx.db)).find(
    ({ id, role, provider, type, value }) =>
      id !== wanted.id &&
      role === wanted.role &&
      provider === wanted.provider &&
      type === wanted.type &&
      value === wanted.value,
  );
  if (same === undefined) return;
  throw new ServerError(
    'already_exists',
    `value: ${wanted.type} "${wanted.value}" of ${wanted.provider} leads to ${wanted.role} already`,
    { members: { field: 'value' } },
  );
}

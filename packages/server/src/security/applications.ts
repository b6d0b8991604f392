import { hash, randomBytes } from 'node:crypto';
import type { JsonObject, ObjectRef } from '@countersign/records';
import { createAccount } from '../accounts/accounts.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { assertNotOwn } from './guards.ts';
import { assertFree, parseUsername } from './identities.ts';
import { APPLICATION, securityChange, type Attempt } from './records.ts';
import { assignRoles, changingMembers, knownRoles, setRoles } from './role-assignments.ts';

/** A program that signs in with a key and a secret of its own. */
export interface Application {
  readonly name: string;
  readonly description: string;
  /** Public; sent with the secret. */
  readonly key: string;
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly createdBy: string;
}

/** Letters, digits and what separates words; what access rules and records call it is the same in lower case. */
export const APPLICATION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const APPLICATION_NAME_EXPECTED =
  '1 to 64 letters, digits and ". _ -", beginning with a letter or digit';

/** Every API application by name. */
export async function listApplications(db: StateReader): Promise<Application[]> {
  return (await readApplications(db)).map(({ application }) => application);
}

/** A new secret, 256 bit: told once, only its hash is kept. Its beginning tells it on sight, so that records mask it. */
export function makeSecret(): string {
  return `css_${randomBytes(32).toString('base64url')}`;
}

/** A new key: public, and told on sight, too. */
export function makeKey(): string {
  return `csa_${randomBytes(18).toString('base64url')}`;
}

/**
 * Creates an application with its roles. Throws `already_exists` when somebody is known by its name, `request_invalid`,
 * `role_conflict`.
 */
export async function createApplication(
  tx: SecurityTransaction,
  wanted: {
    readonly name: string;
    readonly description: string;
    readonly roles: readonly string[];
    readonly secret: string;
  },
): Promise<Application> {
  const { name, description, secret } = wanted;
  const username = parseUsername('name', name);
  const key = makeKey();
  const attempt: Attempt = {
    ...APPLICATION,
    operation: 'Created',
    target: applicationRef({ key, name }),
  };
  tx.attempts(attempt);
  const roles = await knownRoles(tx.db, wanted.roles);
  await assertFree(tx.db, 'name', username, null);
  const member: ObjectRef = { type: 'account', id: username, name };
  await changingMembers(tx, roles, member, async () => {
    const account = await createAccount(tx.db, {
      username,
      name,
      kind: 'application',
      passwordHash: '',
      passwordGenerated: false,
      roles: [],
      now: tx.now,
    });
    await tx.db
      .insertInto('applications')
      .values({
        user_id: account.id,
        description,
        key,
        secret_hash: hash('sha256', secret),
        created_at: tx.now.toISOString(),
        created_by: tx.caller.session.user.username,
      })
      .execute();
    await assignRoles(tx, account.id, roles, member, () => attempt);
    const { application } = await findApplication(tx.db, name);
    tx.changed(attempt, { before: null, after: applicationModel(application) });
  });
  return (await findApplication(tx.db, name)).application;
}

/** What can be changed of an application; left out: stays as it is. */
export interface ApplicationChange {
  readonly description?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly roles?: readonly string[] | undefined;
}

/** Changes an application; one that is disabled is out at once. Throws `not_found`, `own_role`, `role_conflict`. */
export async function updateApplication(
  tx: SecurityTransaction,
  name: string,
  change: ApplicationChange,
): Promise<Application> {
  const { id, username, application } = await findApplication(tx.db, name);
  const description = change.description ?? application.description;
  const disabled = change.disabled ?? application.disabled;
  const target = applicationRef(application);
  const attempt: Attempt = { ...APPLICATION, operation: 'Updated', target };
  tx.attempts(attempt);
  if (disabled !== application.disabled) assertNotOwn(tx, id, 'disables or enables himself');
  if (disabled !== application.disabled)
    await tx.db
      .updateTable('users')
      .set({ disabled: disabled ? 1 : 0 })
      .where('id', '=', id)
      .execute();
  if (description !== application.description)
    await tx.db
      .updateTable('applications')
      .set({ description })
      .where('user_id', '=', id)
      .execute();
  tx.changed(attempt, {
    before: applicationModel(application),
    after: applicationModel({ ...application, description, disabled }),
  });
  if (change.roles !== undefined) await setRoles(tx, username, change.roles);
  return (await findApplication(tx.db, name)).application;
}

/** Gives an application another secret; the one before opens nothing any more. Throws `not_found`. */
export async function renewSecret(
  tx: SecurityTransaction,
  name: string,
  secret: string,
): Promise<void> {
  const { id, application } = await findApplication(tx.db, name);
  const attempt: Attempt = {
    ...APPLICATION,
    operation: 'Updated',
    target: applicationRef(application),
  };
  await tx.db
    .updateTable('applications')
    .set({ secret_hash: hash('sha256', secret) })
    .where('user_id', '=', id)
    .execute();
  const after = applicationModel(application);
  const reason = 'a new secret was made up';
  tx.record(securityChange(attempt, tx.caller, 'Success', { before: after, after, reason }));
}

/** Deletes an application with its credentials. Throws `not_found`, `own_role`. */
export async function deleteApplication(tx: SecurityTransaction, name: string): Promise<void> {
  const { id, application } = await findApplication(tx.db, name);
  const attempt: Attempt = {
    ...APPLICATION,
    operation: 'Deleted',
    target: applicationRef(application),
  };
  tx.attempts(attempt);
  assertNotOwn(tx, id, 'deletes himself');
  await tx.db.deleteFrom('users').where('id', '=', id).execute();
  tx.changed(attempt, { before: applicationModel(application), after: null });
}

async function findApplication(db: StateReader, name: string) {
  const wanted = name.toLowerCase();
  const found = (await readApplications(db)).find(({ username }) => username === wanted);
  if (found !== undefined) return found;
  throw new ServerError('not_found', `there is no API application "${name.slice(0, 100)}"`);
}

async function readApplications(
  db: StateReader,
): Promise<{ id: string; username: string; application: Application }[]> {
  const rows = await db
    .selectFrom('applications')
    .innerJoin('users', 'users.id', 'applications.user_id')
    .select(['users.id', 'username', 'name', 'description', 'key', 'disabled', 'created_by'])
    .select('applications.created_at')
    .orderBy('username')
    .execute();
  const roles = await db
    .selectFrom('role_assignments')
    .innerJoin('applications', 'applications.user_id', 'role_assignments.user_id')
    .select(['role_assignments.user_id', 'role'])
    .orderBy('role')
    .execute();
  return rows.map(({ id, username, ...row }) => ({
    id,
    username,
    application: {
      name: row.name,
      description: row.description,
      key: row.key,
      roles: roles.filter(({ user_id }) => user_id === id).map(({ role }) => role),
      disabled: row.disabled === 1,
      createdAt: row.created_at,
      createdBy: row.created_by,
    },
  }));
}

/** An application in records. */
export function applicationRef({ key, name }: Pick<Application, 'key' | 'name'>): ObjectRef {
  return { type: 'application', id: key, name };
}

/** An application as records have it: without its secret. */
export function applicationModel({
  name,
  description,
  key,
  roles,
  disabled,
}: Omit<Application, 'createdAt' | 'createdBy'>): JsonObject {
  return { name, description, key, roles: [...roles], disabled };
}

import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { StateReader, StateSchema, StateTransaction } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { findRoleConflict } from '../authorization/roles.ts';

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  /** The name by which Dogtag's tools know the user, or null. */
  readonly alias: string | null;
  readonly roles: readonly string[];
  /** Still the password the server made up at the first start. */
  readonly passwordGenerated: boolean;
}

/** A user with what sign-in needs. */
export interface Account extends User {
  readonly passwordHash: string;
  readonly disabled: boolean;
}

/** User names are compared without case, as people type them. */
export function foldUsername(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase();
}

/** The account of a user name, or null. */
export async function findAccount(db: StateReader, username: string): Promise<Account | null> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('username', '=', foldUsername(username))
    .executeTakeFirst();
  return row === undefined ? null : await accountOf(db, row);
}

/** The account of an id, or null. */
export async function findAccountById(db: StateReader, id: string): Promise<Account | null> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : await accountOf(db, row);
}

/** The user of an account, without what only sign-in needs: this is what a session holds. */
export function userOf(account: Account): User {
  const { passwordHash: _hash, disabled: _disabled, ...user } = account;
  return user;
}

async function accountOf(db: StateReader, row: Selectable<StateSchema['users']>): Promise<Account> {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    kind: row.kind,
    alias: row.alias,
    roles: await rolesOf(db, row.id),
    passwordGenerated: row.password_generated === 1,
    passwordHash: row.password,
    disabled: row.disabled === 1,
  };
}

/** How many accounts there are: none means that this is the first start. */
export async function countAccounts(db: StateReader): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select((e) => e.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Creates an account with one role after another, each checked. */
export async function createAccount(
  tx: StateTransaction,
  account: {
    username: string;
    name: string;
    passwordHash: string;
    passwordGenerated: boolean;
    roles: readonly string[];
    now: Date;
    kind?: User['kind'];
    alias?: string | null;
    email?: string | null;
    /** Whom an identity provider vouches for. */
    provider?: { readonly name: string; readonly subject: string } | null;
  },
): Promise<User> {
  const id = randomUUID();
  const { kind = 'person', alias = null, email = null, provider = null } = account;
  const username = foldUsername(account.username);
  const taken = await tx
    .selectFrom('users')
    .select('id')
    .where('username', '=', username)
    .executeTakeFirst();
  if (taken !== undefined)
    throw new ServerError('already_exists', `user "${username}" exists already`);
  await tx
    .insertInto('users')
    .values({
      id,
      username,
      name: account.name,
      kind,
      alias,
      email,
      provider: provider?.name ?? null,
      subject: provider?.subject ?? null,
      password: account.passwordHash,
      password_generated: account.passwordGenerated ? 1 : 0,
      disabled: 0,
      created_at: account.now.toISOString(),
    })
    .execute();
  for (const role of account.roles) await assignRole(tx, id, role, account.now);
  return {
    id,
    username,
    name: account.name,
    kind,
    alias,
    roles: [...account.roles],
    passwordGenerated: account.passwordGenerated,
  };
}

/** Writes down that a user has signed in: dormant accounts are found by it. */
export async function touchSignIn(tx: StateTransaction, userId: string, now: Date): Promise<void> {
  await tx
    .updateTable('users')
    .set({ last_sign_in_at: now.toISOString() })
    .where('id', '=', userId)
    .execute();
}

/**
 * Gives a user a role. The one place where roles are assigned, so the one place that keeps duties apart:
 * nobody holds an exclusive role together with another one (`role_conflict`).
 */
export async function assignRole(
  tx: StateTransaction,
  userId: string,
  role: string,
  now: Date,
): Promise<void> {
  const held = await rolesOf(tx, userId);
  if (held.includes(role)) return;
  const conflict = await findRoleConflict(tx, [...held, role]);
  if (conflict !== null) {
    const others = [...held, role].filter((name) => name !== conflict).join(', ');
    throw new ServerError('role_conflict', `nobody may hold ${conflict} together with ${others}`, {
      members: { role, held },
    });
  }
  await tx
    .insertInto('role_assignments')
    .values({ user_id: userId, role, granted_at: now.toISOString() })
    .execute();
}

/** The roles a user holds, by name in order. */
export async function rolesOf(db: StateReader, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('role_assignments')
    .select('role')
    .where('user_id', '=', userId)
    .orderBy('role')
    .execute();
  return rows.map((row) => row.role);
}

import type { JsonObject } from '@countersign/records';
import { sql, type ExpressionBuilder, type Selectable } from 'kysely';
import { foldUsername } from '../accounts/accounts.ts';
import type { StateReader, StateSchema } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

/** A client certificate by which a user is known. */
export interface EnrolledCertificate {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly validTo: string;
  readonly enrolledAt: string;
}

/** A user as administrators see it. */
export interface Identity {
  readonly username: string;
  readonly name: string;
  readonly kind: 'person' | 'application';
  readonly alias: string | null;
  readonly email: string | null;
  /** The identity provider that vouches for the user; null for local accounts. */
  readonly provider: string | null;
  /** By name in order. */
  readonly roles: readonly string[];
  readonly disabled: boolean;
  readonly lockedUntil: string | null;
  readonly passwordGenerated: boolean;
  readonly createdAt: string;
  readonly certificates: readonly EnrolledCertificate[];
}

/** An identity with the key by which other tables know it. */
export interface FoundIdentity {
  readonly id: string;
  readonly identity: Identity;
}

type UserRow = Selectable<StateSchema['users']>;

/** Identities by user name in order; `after` is the last user name of the page before. */
export async function listIdentities(
  db: StateReader,
  { search, after, limit, now }: { search: string; after: string; limit: number; now: Date },
): Promise<{ identities: Identity[]; total: number; next: string | null }> {
  const matching = (e: ExpressionBuilder<StateSchema, 'users'>) => {
    const pattern = `%${search.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
    const like = (column: 'username' | 'name' | 'email' | 'alias') =>
      sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
    return e.or([like('username'), like('name'), like('email'), like('alias')]);
  };
  const { total } = await db
    .selectFrom('users')
    .select((e) => e.fn.countAll<number>().as('total'))
    .where(matching)
    .executeTakeFirstOrThrow();
  const rows = await db
    .selectFrom('users')
    .selectAll()
    .where(matching)
    .where('username', '>', after)
    .orderBy('username')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const found = await describe(db, page, now);
  const next = rows.length > limit ? (page.at(-1)?.username ?? null) : null;
  return { identities: found.map(({ identity }) => identity), total, next };
}

/** The identity of a user name or alias: no name is one user's and another's alias. Throws `not_found`. */
export async function findIdentity(
  db: StateReader,
  username: string,
  now: Date,
): Promise<FoundIdentity> {
  const name = foldUsername(username);
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where((e) => e.or([e('username', '=', name), e('alias', '=', name)]))
    .executeTakeFirst();
  const [found] = row === undefined ? [] : await describe(db, [row], now);
  if (found === undefined)
    throw new ServerError('not_found', `there is no identity "${username.slice(0, 100)}"`);
  return found;
}

/** The same with what is a person's: applications are administered as such. Throws `not_found`. */
export async function findPerson(
  db: StateReader,
  username: string,
  now: Date,
): Promise<FoundIdentity> {
  const found = await findIdentity(db, username, now);
  if (found.identity.kind === 'person') return found;
  throw new ServerError(
    'not_found',
    `"${found.identity.username}" is an API application, which is changed as such`,
  );
}

/** An identity as records hold it: everything an administrator decides, nothing secret. */
export function identityModel(identity: Identity): JsonObject {
  const { username, name, kind, alias, email, provider, roles, disabled } = identity;
  return {
    username,
    name,
    kind,
    alias,
    email,
    provider,
    roles: [...roles],
    disabled,
    certificates: identity.certificates.map(({ subject, issuer, serial, fingerprint }) => ({
      subject,
      issuer,
      serial,
      sha256: fingerprint,
    })),
  };
}

async function describe(
  db: StateReader,
  rows: readonly UserRow[],
  now: Date,
): Promise<FoundIdentity[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const roles = await db
    .selectFrom('role_assignments')
    .select(['user_id', 'role'])
    .where('user_id', 'in', ids)
    .orderBy('role')
    .execute();
  const certificates = await db
    .selectFrom('client_certificates')
    .select(['user_id', 'fingerprint', 'subject', 'issuer', 'serial', 'valid_to', 'enrolled_at'])
    .where('user_id', 'in', ids)
    .orderBy('enrolled_at')
    .orderBy('fingerprint')
    .execute();
  const locks = await db
    .selectFrom('lockouts')
    .select(['username', 'locked_until'])
    .where(
      'username',
      'in',
      rows.map((row) => row.username),
    )
    .where('locked_until', '>', now.toISOString())
    .execute();
  const lockedUntil = new Map(locks.map((lock) => [lock.username, lock.locked_until]));
  return rows.map((row) => ({
    id: row.id,
    identity: {
      username: row.username,
      name: row.name,
      kind: row.kind,
      alias: row.alias,
      email: row.email,
      provider: row.provider,
      roles: roles.filter(({ user_id }) => user_id === row.id).map(({ role }) => role),
      disabled: row.disabled === 1,
      lockedUntil: lockedUntil.get(row.username) ?? null,
      passwordGenerated: row.password_generated === 1,
      createdAt: row.created_at,
      certificates: certificates
        .filter(({ user_id }) => user_id === row.id)
        .map((certificate) => ({
          fingerprint: certificate.fingerprint,
          subject: certificate.subject,
          issuer: certificate.issuer,
          serial: certificate.serial,
          validTo: certificate.valid_to,
          enrolledAt: certificate.enrolled_at,
        })),
    },
  }));
}

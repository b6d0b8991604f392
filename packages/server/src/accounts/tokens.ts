import { hash, randomBytes, randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Right } from '../authorization/engine.ts';
import { formatRight } from '../authorization/permission-names.ts';
import type { StateReader, StateSchema, StateTransaction } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';

/** An API token as it is listed; the token itself is not kept. */
export interface ApiToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Null: everything its owner may. */
  readonly scopes: readonly Right[] | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** When it was last taken into use: exact to the time a session may idle. */
  readonly lastUsedAt: Date | null;
}

/** Tells an API token on sight, for people and for secret scanners. */
const PREFIX = 'cst_';
const SHAPE = /^cst_[A-Za-z0-9_-]{43}$/;
/** More than these one user does not need; each is a way in. */
const MAX_TOKENS = 50;

/** The token of a secret, expired or not; null when there is none. */
export async function findToken(db: StateReader, secret: string): Promise<ApiToken | null> {
  if (!SHAPE.test(secret)) return null;
  const row = await db
    .selectFrom('api_tokens')
    .selectAll()
    .where('token_hash', '=', hash('sha256', secret))
    .executeTakeFirst();
  return row === undefined ? null : describe(row);
}

/** The token of an id, or null. */
export async function findTokenById(db: StateReader, id: string): Promise<ApiToken | null> {
  const row = await db.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : describe(row);
}

/** A user's tokens by name. */
export async function listTokens(db: StateReader, userId: string): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('api_tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('name')
    .execute();
  return rows.map(describe);
}

/** Makes a token; its secret is returned once and only its hash kept. Throws `already_exists`, `request_invalid` for one too many. */
export async function insertToken(
  tx: StateTransaction,
  token: {
    readonly userId: string;
    readonly name: string;
    readonly scopes: readonly Right[] | null;
    readonly now: Date;
    readonly expiresAt: Date;
  },
): Promise<{ token: ApiToken; secret: string }> {
  const { userId, name, scopes, now, expiresAt } = token;
  const others = await listTokens(tx, userId);
  if (others.some((other) => other.name === name))
    throw new ServerError('already_exists', `name: there is a token "${name}" already`);
  if (others.length >= MAX_TOKENS)
    throw faultyField('name', `at most ${MAX_TOKENS} tokens of one user`, 'one more');
  const secret = PREFIX + randomBytes(32).toString('base64url');
  const row = {
    id: randomUUID(),
    user_id: userId,
    name,
    token_hash: hash('sha256', secret),
    scopes: scopes === null ? null : JSON.stringify(scopes.map(formatRight)),
    created_at: now.toISOString(),
    expires_at: expiresAt.toISOString(),
    last_used_at: null,
  };
  await tx.insertInto('api_tokens').values(row).execute();
  return { token: describe(row), secret };
}

/** Removes a token: whoever has it is refused from now on. */
export async function deleteToken(tx: StateTransaction, id: string): Promise<void> {
  await tx.deleteFrom('api_tokens').where('id', '=', id).execute();
}

/** Writes down that a token has been taken into use. */
export async function touchToken(tx: StateTransaction, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('api_tokens')
    .set({ last_used_at: now.toISOString() })
    .where('id', '=', id)
    .execute();
}

function describe(row: Selectable<StateSchema['api_tokens']>): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: row.scopes === null ? null : (JSON.parse(row.scopes) as string[]).map(toRight),
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
  };
}

function toRight(text: string): Right {
  const at = text.lastIndexOf(':');
  return { resource: text.slice(0, at), operation: text.slice(at + 1) };
}

import { hash } from 'node:crypto';
import type { StateReader } from '../database/schema.ts';

/** What an application key looks like; anything else is not even looked up. */
const KEY_SHAPE = /^csa_[A-Za-z0-9_-]{16,64}$/;

/** The application of a key when the secret is its own, or null. Unknown keys and wrong secrets are not told apart. */
export async function findApplication(
  db: StateReader,
  key: string,
  secret: string,
): Promise<{ readonly userId: string; readonly key: string } | null> {
  if (!KEY_SHAPE.test(key)) return null;
  const row = await db
    .selectFrom('applications')
    .select('user_id')
    .where('key', '=', key)
    // Looked up by hash, as tokens are: how long comparing takes tells nothing about the secret.
    .where('secret_hash', '=', hash('sha256', secret))
    .executeTakeFirst();
  return row === undefined ? null : { userId: row.user_id, key };
}

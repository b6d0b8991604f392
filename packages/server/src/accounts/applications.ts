import { hash, timingSafeEqual } from 'node:crypto';
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
    .select(['user_id', 'secret_hash'])
    .where('key', '=', key)
    .executeTakeFirst();
  if (row === undefined) return null;
  // 256 random bits cannot be guessed backwards from a plain hash; comparing takes the same time wherever they differ.
  const same = timingSafeEqual(
    hash('sha256', secret, 'buffer'),
    Buffer.from(row.secret_hash.padEnd(64, '0').slice(0, 64), 'hex'),
  );
  return same ? { userId: row.user_id, key } : null;
}

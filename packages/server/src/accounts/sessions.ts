import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { StateDatabase, StateTransaction } from '../database/schema.ts';
import { rolesOf, type User } from './accounts.ts';

/** A signed-in browser or client. */
export interface Session {
  /** Names the session in records: a part of the hash of its secret id, good for nothing else. */
  readonly reference: string;
  readonly user: User;
  readonly createdAt: number;
  /** The subject of the client certificate, when that and no password was shown. */
  readonly certificate?: string;
}

/** Why a cookie is not a session (any more). */
export type SessionFault = 'unknown' | 'idle' | 'absolute';

interface Held {
  readonly session: Session;
  readonly idHash: string;
  lastSeen: number;
  /** What state.db has; it is brought up to date once a minute, not with every request. */
  storedSeen: number;
}

/** Every so many milliseconds a session's last use is written down. */
const SEEN_GRANULARITY = 60_000;
/** Values that cannot be session ids are not even hashed. */
const ID_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The sessions: in memory for every request, in state.db (by the hash of their id) for restarts. This process is
 * the only one that writes them.
 */
export class Sessions {
  readonly #limits: Config['session'];
  readonly #clock: () => Date;
  readonly #held = new Map<string, Held>();

  constructor(limits: Config['session'], clock: () => Date) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Takes up what an earlier run left; sessions past their limits are forgotten. */
  async load(db: StateDatabase): Promise<void> {
    const rows = await db
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select([
        'id_hash',
        'user_id',
        'sessions.created_at',
        'last_seen_at',
        'username',
        'name',
        'password_generated',
      ])
      .where('disabled', '=', 0)
      .execute();
    for (const row of rows) {
      const user: User = {
        id: row.user_id,
        username: row.username,
        name: row.name,
        roles: await rolesOf(db, row.user_id),
        passwordGenerated: row.password_generated === 1,
      };
      this.#hold(row.id_hash, user, Date.parse(row.created_at), Date.parse(row.last_seen_at));
    }
    await this.sweep(db);
  }

  /** Writes a new session into the transaction; `begin()` on what it returns makes it usable after the commit. */
  async create(
    tx: StateTransaction,
    user: User,
    address: string,
  ): Promise<{ id: string; reference: string; begin: () => Session }> {
    const id = randomBytes(32).toString('base64url');
    const idHash = hashId(id);
    const now = this.#clock();
    await tx
      .insertInto('sessions')
      .values({
        id_hash: idHash,
        user_id: user.id,
        created_at: now.toISOString(),
        last_seen_at: now.toISOString(),
        address,
      })
      .execute();
    return {
      id,
      reference: referenceOf(idHash),
      begin: () => this.#hold(idHash, user, now.getTime(), now.getTime()),
    };
  }

  /** The session of a cookie's value, or what is wrong with it. A good one counts as used now. */
  use(id: string): Session | SessionFault {
    if (!ID_SHAPE.test(id)) return 'unknown';
    const held = this.#held.get(hashId(id));
    if (held === undefined) return 'unknown';
    const now = this.#clock().getTime();
    if (now - held.session.createdAt > this.#limits.absoluteMs) return 'absolute';
    if (now - held.lastSeen > this.#limits.idleMs) return 'idle';
    held.lastSeen = Math.max(held.lastSeen, now);
    return held.session;
  }

  /** Removes a session in the transaction; `end()` on what it returns forgets it after the commit. */
  async remove(tx: StateTransaction, id: string): Promise<{ end: () => void }> {
    const idHash = hashId(id);
    await tx.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
    return { end: () => void this.#held.delete(idHash) };
  }

  /** Removes the user's other sessions in the transaction; `end()` on what it returns forgets them after the commit. */
  async removeOthers(tx: StateTransaction, kept: Session): Promise<{ end: () => void }> {
    const others = [...this.#held.values()].filter(
      ({ session }) => session.user.id === kept.user.id && session.reference !== kept.reference,
    );
    for (const { idHash } of others) {
      await tx.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
    }
    return {
      end: () => {
        for (const { idHash } of others) this.#held.delete(idHash);
      },
    };
  }

  /** Writes down when sessions were last used, and drops those past their limits. */
  async sweep(db: StateDatabase): Promise<void> {
    const now = this.#clock().getTime();
    const dead: string[] = [];
    const seen: Held[] = [];
    for (const held of this.#held.values()) {
      const over =
        now - held.session.createdAt > this.#limits.absoluteMs ||
        now - held.lastSeen > this.#limits.idleMs;
      if (over) dead.push(held.idHash);
      else if (held.lastSeen - held.storedSeen >= SEEN_GRANULARITY) seen.push(held);
    }
    if (dead.length === 0 && seen.length === 0) return;
    await db.transaction().execute(async (tx) => {
      for (const idHash of dead)
        await tx.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
      for (const held of seen) {
        await tx
          .updateTable('sessions')
          .set({ last_seen_at: new Date(held.lastSeen).toISOString() })
          .where('id_hash', '=', held.idHash)
          .execute();
      }
    });
    for (const idHash of dead) this.#held.delete(idHash);
    for (const held of seen) held.storedSeen = held.lastSeen;
  }

  #hold(idHash: string, user: User, createdAt: number, lastSeen: number): Session {
    const session: Session = { reference: referenceOf(idHash), user, createdAt };
    this.#held.set(idHash, { session, idHash, lastSeen, storedSeen: lastSeen });
    return session;
  }
}

function hashId(id: string): string {
  return hash('sha256', id);
}

function referenceOf(idHash: string): string {
  return idHash.slice(0, 16);
}

import { hash, randomBytes } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import type { Right } from '../authorization/engine.ts';
import { sessionEnded } from '../recording/account-events.ts';
import type { Recorder } from '../recording/recorder.ts';
import { findAccountById, touchSignIn, userOf, type User } from './accounts.ts';

/** How it was found out who somebody is. */
export type AuthenticationMethod = 'password' | 'certificate' | 'oidc' | 'token' | 'secret';

/** A signed-in browser or client. */
export interface Session {
  /** Names the session in records: a part of the hash of its secret id, good for nothing else. */
  readonly reference: string;
  readonly user: User;
  readonly createdAt: number;
  readonly method: AuthenticationMethod;
  /** What was shown beside the name: a certificate's subject, a token's name, the subject at a provider. */
  readonly credential?: string;
  /** Only these rights of the user's; null: all. */
  readonly scopes: readonly Right[] | null;
}

/** The roles and facts of a new session. */
export interface NewSession {
  readonly user: User;
  readonly address: string;
  readonly method: 'password' | 'certificate' | 'oidc';
  readonly credential?: string;
  /** True: the user's roles are those of this session, claims having given some; false: those assigned to the account. */
  readonly claimed?: boolean;
}

/** Why a cookie is not a session (any more). */
export type SessionFault = 'unknown' | 'idle' | 'absolute';

/** The same in words. */
export const SESSION_FAULTS: Readonly<Record<SessionFault, string>> = {
  unknown: 'the session is unknown or has ended',
  idle: 'the session was not used for too long',
  absolute: 'the session has reached its longest duration',
};

interface Held {
  session: Session;
  /** The roles are those of this session. */
  readonly claimed: boolean;
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

  /** Takes up what an earlier run left; those past their limits end with the first sweep. */
  async load(db: StateReader): Promise<void> {
    const rows = await db.selectFrom('sessions').selectAll().execute();
    for (const row of rows) {
      const account = await findAccountById(db, row.user_id);
      if (account === null || account.disabled) continue;
      const user = userOf(account);
      const roles = row.roles === null ? user.roles : (JSON.parse(row.roles) as string[]);
      this.#hold({
        idHash: row.id_hash,
        user: { ...user, roles },
        createdAt: Date.parse(row.created_at),
        lastSeen: Date.parse(row.last_seen_at),
        method: row.method as AuthenticationMethod,
        credential: row.credential,
        claimed: row.roles !== null,
      });
    }
  }

  /** Writes a new session into the transaction; `begin()` on what it returns makes it usable after the commit. */
  async create(
    tx: StateTransaction,
    { user, address, method, credential, claimed = false }: NewSession,
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
        method,
        credential: credential ?? null,
        roles: claimed ? JSON.stringify(user.roles) : null,
      })
      .execute();
    await touchSignIn(tx, user.id, now);
    return {
      id,
      reference: referenceOf(idHash),
      begin: () =>
        this.#hold({
          idHash,
          user,
          createdAt: now.getTime(),
          lastSeen: now.getTime(),
          method,
          credential: credential ?? null,
          claimed,
        }),
    };
  }

  /** The session of a cookie's value, or what is wrong with it. A good one counts as used now. */
  use(id: string): Session | SessionFault {
    if (!ID_SHAPE.test(id)) return 'unknown';
    const held = this.#held.get(hashId(id));
    if (held === undefined) return 'unknown';
    const now = this.#clock().getTime();
    const fault = this.#faultOf(held, now);
    if (fault !== null) return fault;
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

  /** Removes all sessions of a user in the transaction; `end()` on what it returns forgets them after the commit. */
  async removeAll(tx: StateTransaction, userId: string): Promise<{ end: () => void }> {
    await tx.deleteFrom('sessions').where('user_id', '=', userId).execute();
    return { end: () => this.#forget(({ session }) => session.user.id === userId) };
  }

  /**
   * Removes the sessions that hold a role by a claim in the transaction, so that the next sign-in looks at the claims
   * anew; `end()` on what it returns forgets them after the commit.
   */
  async removeClaimed(tx: StateTransaction, role: string): Promise<{ end: () => void }> {
    const rows = await tx
      .selectFrom('sessions')
      .select(['id_hash', 'roles'])
      .where('roles', 'is not', null)
      .execute();
    for (const { id_hash, roles } of rows) {
      if (!(JSON.parse(roles ?? '[]') as string[]).includes(role)) continue;
      await tx.deleteFrom('sessions').where('id_hash', '=', id_hash).execute();
    }
    return {
      end: () =>
        this.#forget(({ claimed, session }) => claimed && session.user.roles.includes(role)),
    };
  }

  /** Removes the sessions of a user that rest on claims, for the same reason: his own roles are another half of theirs. */
  async removeClaimedOf(tx: StateTransaction, userId: string): Promise<{ end: () => void }> {
    await tx
      .deleteFrom('sessions')
      .where('user_id', '=', userId)
      .where('roles', 'is not', null)
      .execute();
    return {
      end: () => this.#forget(({ claimed, session }) => claimed && session.user.id === userId),
    };
  }

  /** Removes a user's sessions that were begun with the certificate of a subject, in the same way: it is his no more. */
  async removeCertified(
    tx: StateTransaction,
    userId: string,
    subject: string,
  ): Promise<{ end: () => void }> {
    await tx
      .deleteFrom('sessions')
      .where('user_id', '=', userId)
      .where('method', '=', 'certificate')
      .where('credential', '=', subject)
      .execute();
    return {
      end: () =>
        this.#forget(
          ({ session }) =>
            session.user.id === userId &&
            session.method === 'certificate' &&
            session.credential === subject,
        ),
    };
  }

  #forget(matches: (held: Held) => boolean): void {
    for (const held of this.#held.values()) if (matches(held)) this.#held.delete(held.idHash);
  }

  /** Writes down when sessions were last used, and ends those past their limits: each end is recorded with it. */
  async sweep(recorder: Pick<Recorder, 'audited'>): Promise<void> {
    const now = this.#clock().getTime();
    const over: { held: Held; fault: SessionFault }[] = [];
    const seen: Held[] = [];
    for (const held of this.#held.values()) {
      const fault = this.#faultOf(held, now);
      if (fault !== null) over.push({ held, fault });
      else if (held.lastSeen - held.storedSeen >= SEEN_GRANULARITY) seen.push(held);
    }
    if (over.length === 0 && seen.length === 0) return;
    await recorder.audited(async (tx) => {
      for (const { held, fault } of over) {
        await tx.db.deleteFrom('sessions').where('id_hash', '=', held.idHash).execute();
        tx.record(sessionEnded(held.session, SESSION_FAULTS[fault]));
      }
      for (const held of seen) {
        await tx.db
          .updateTable('sessions')
          .set({ last_seen_at: new Date(held.lastSeen).toISOString() })
          .where('id_hash', '=', held.idHash)
          .execute();
      }
    });
    for (const { held } of over) this.#held.delete(held.idHash);
    for (const held of seen) held.storedSeen = held.lastSeen;
  }

  #faultOf({ session, lastSeen }: Held, now: number): 'idle' | 'absolute' | null {
    if (now - session.createdAt > this.#limits.absoluteMs) return 'absolute';
    return now - lastSeen > this.#limits.idleMs ? 'idle' : null;
  }

  /**
   * Brings the sessions of a user up to date after his account or roles have changed: called after the commit.
   * Sessions whose roles come from claims keep them.
   */
  async refresh(db: StateReader, userId: string): Promise<void> {
    const account = await findAccountById(db, userId);
    for (const held of this.#held.values()) {
      if (held.session.user.id !== userId) continue;
      if (account === null || account.disabled) {
        this.#held.delete(held.idHash);
        continue;
      }
      const user = userOf(account);
      const roles = held.claimed ? held.session.user.roles : user.roles;
      held.session = { ...held.session, user: { ...user, roles } };
    }
  }

  #hold(kept: {
    idHash: string;
    user: User;
    createdAt: number;
    lastSeen: number;
    method: AuthenticationMethod;
    credential: string | null;
    claimed: boolean;
  }): Session {
    const { idHash, user, createdAt, lastSeen, method, credential, claimed } = kept;
    const session: Session = {
      reference: referenceOf(idHash),
      user,
      createdAt,
      method,
      ...(credential === null ? {} : { credential }),
      scopes: null,
    };
    this.#held.set(idHash, { session, idHash, lastSeen, storedSeen: lastSeen, claimed });
    return session;
  }
}

function hashId(id: string): string {
  return hash('sha256', id);
}

function referenceOf(idHash: string): string {
  return idHash.slice(0, 16);
}

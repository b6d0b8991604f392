import type { Generated, Kysely, Transaction } from 'kysely';

/** The platform's state, `<data>/state.db`. Times are RFC 3339 UTC text; flags are 0 or 1. */
export interface StateSchema {
  users: {
    id: string;
    /** Lower case; what is typed at sign-in. */
    username: string;
    name: string;
    /** argon2id PHC string. */
    password: string;
    /** 1 while the password is one that the server made up and printed. */
    password_generated: number;
    disabled: number;
    created_at: string;
  };
  role_assignments: { user_id: string; role: string; granted_at: string };
  sessions: {
    /** SHA-256 of the cookie's value, hex: the database alone lets nobody in. */
    id_hash: string;
    user_id: string;
    created_at: string;
    last_seen_at: string;
    address: string;
  };
  producers: {
    name: string;
    token_hash: string;
    created_at: string;
    created_by: string;
    disabled: number;
  };
  /** Client certificates by which users are known. */
  certificates: {
    /** SHA-256 of the whole certificate, lower case hex: no other certificate of the same name will do. */
    fingerprint: string;
    user_id: string;
    subject: string;
    issuer: string;
    /** Decimal. */
    serial: string;
    valid_to: string;
    /** PEM. */
    certificate: string;
    enrolled_at: string;
  };
  lockouts: {
    username: string;
    failures: number;
    first_failure_at: string;
    locked_until: string | null;
  };
  outbox: {
    /** The order in which the rows came. */
    position: Generated<number>;
    /** The record's number by the producer `countersign`; null until the running server has given it one. */
    seq: number | null;
    /** The draft without its number, JSON. */
    draft: string;
  };
  settings: { key: string; value: string };
}

export type StateDatabase = Kysely<StateSchema>;
export type StateTransaction = Transaction<StateSchema>;
/** Either: for functions that only read. */
export type StateReader = StateDatabase | StateTransaction;

import type { Generated, Kysely, Transaction } from 'kysely';
import type { CertificateSchema } from './certificate-schema.ts';
import type { SettingsSchema } from './settings-schema.ts';
import type { StoreTables } from './store-schema.ts';

/** The platform's state, `<data>/state.db`. Times are RFC 3339 UTC text; flags are 0 or 1. */
export interface StateSchema extends CertificateSchema, StoreTables, SettingsSchema {
  users: {
    id: string;
    /** Lower case; what is typed at sign-in. */
    username: string;
    name: string;
    /** A person, or an API application: a program with a key and a secret of its own. */
    kind: 'person' | 'application';
    /** The name by which Dogtag's tools know the user (`caadmin`): SubjectID of sessions by certificate. */
    alias: string | null;
    email: string | null;
    /** Somebody whom an identity provider vouches for: its name and the subject there; null for local accounts. */
    provider: string | null;
    subject: string | null;
    /** argon2id PHC string; empty where no password opens the account. */
    password: string;
    /** 1 while the password is one that the server made up and printed. */
    password_generated: number;
    disabled: number;
    created_at: string;
    /** When the user last signed in or, an application, first came in a while. */
    last_sign_in_at: string | null;
  };
  roles: {
    /** As people see it; unique whatever the case. */
    name: string;
    description: string;
    /** 1 for the product's own: only who holds them can be changed. */
    built_in: number;
    /** 1: nobody holds it together with another role. */
    exclusive: number;
    /** The names it has in access rules (`Administrators`), a JSON array of strings. */
    groups: string;
    created_at: string;
    updated_at: string;
  };
  /** What a role may do beyond what access rules grant its groups. */
  role_permissions: { role: string; resource: string; operation: string };
  /** Who holds a role because an identity provider says so. */
  role_claims: {
    id: string;
    role: string;
    /** The identity provider's name. */
    provider: string;
    /** Keyfactor's claim types. */
    type:
      | 'User'
      | 'Group'
      | 'Computer'
      | 'OAuthOid'
      | 'OAuthRole'
      | 'OAuthSubject'
      | 'OAuthClientId';
    value: string;
    description: string;
    created_at: string;
  };
  role_assignments: { user_id: string; role: string; granted_at: string };
  /** Access rules that somebody has changed; those not in here are as the product has them. */
  access_rules: {
    resource: string;
    /** A line of Dogtag's `resourceACLS`. */
    line: string;
    updated_at: string;
    updated_by: string;
  };
  /** Credentials of API applications; each is a user of kind `application`. */
  applications: {
    user_id: string;
    description: Generated<string>;
    /** Public; sent with the secret. */
    key: string;
    secret_hash: string;
    created_at: string;
    created_by: string;
  };
  api_tokens: {
    id: string;
    user_id: string;
    name: string;
    /** SHA-256, hex. */
    token_hash: string;
    /** JSON array of `resource:operation`; null: everything its owner may. */
    scopes: string | null;
    created_at: string;
    expires_at: string;
    last_used_at: string | null;
  };
  /** Reports of who holds what, and who has signed them off. */
  access_reviews: {
    /** `2026-Q4`. */
    period: string;
    created_at: string;
    created_by: string;
    /** The report, JSON. */
    report: string;
    signed_at: string | null;
    signed_by: string | null;
    comment: string | null;
  };
  /** Events whose selection somebody has changed; the others are recorded, all of them. */
  event_selection: {
    event: string;
    enabled: number;
    /** A filter: only what matches is recorded. */
    filter: string | null;
    updated_at: string;
    updated_by: string;
  };
  sessions: {
    /** SHA-256 of the cookie's value, hex: the database alone lets nobody in. */
    id_hash: string;
    user_id: string;
    created_at: string;
    last_seen_at: string;
    address: string;
    /** How the user was authenticated: `password`, `certificate`, `oidc`. */
    method: string;
    /** What was shown beside the user name: the subject of a certificate, the subject at a provider. */
    credential: string | null;
    /** JSON array: the roles that claims have given for this session; null: those assigned to the user. */
    roles: string | null;
  };
  producers: {
    name: string;
    token_hash: string;
    created_at: string;
    created_by: string;
    disabled: number;
  };
  /** Client certificates by which users are known. */
  client_certificates: {
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
  /** Certificates of the built-in authority that are revoked; `ca.crl` is made of them. */
  revocations: {
    /** Decimal. */
    serial: string;
    revoked_at: string;
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
  /** Requests to erase the contents of records, and what became of them. */
  erasures: {
    /** The order in which they came. */
    position: Generated<number>;
    id: string;
    /** Index of the record whose content is to be erased. */
    record: number;
    legal_basis: string;
    reason: string;
    /** `approved`: the record that says so is committed; the content is erased next, and then it is `done`. */
    state: 'pending' | 'approved' | 'done' | 'denied' | 'withdrawn';
    requested_at: string;
    /** User name, name and id as they were then: the account may be gone. */
    requested_by: string;
    requested_by_name: string;
    requested_by_id: string;
    decided_at: string | null;
    decided_by: string | null;
    decided_by_name: string | null;
    /** Why it was denied or withdrawn. */
    decided_because: string | null;
    /** Records the log had when it was approved: the AUDIT_DATA_ERASED record is behind them. */
    approved_at_size: number | null;
    /** Index of that record, once it is known. */
    erasure_record: number | null;
    erased_at: string | null;
  };
  settings: { key: string; value: string };
}

export type StateDatabase = Kysely<StateSchema>;
export type StateTransaction = Transaction<StateSchema>;
/**
 * What reading needs, and nothing that changes anything: no `insertInto`, no raw statements. A transaction is one, too,
 * so that the same functions read inside it.
 */
export type StateReader = Pick<StateDatabase, 'selectFrom' | 'selectNoFrom' | 'with' | 'fn'>;

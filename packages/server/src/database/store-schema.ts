import type { Generated } from 'kysely';

/** The tables of certificate stores. Times are RFC 3339 UTC text; flags are 0 or 1. */
export interface StoreTables {
  store_containers: {
    id: Generated<number>;
    name: string;
    description: string;
    created_at: string;
    updated_at: string;
  };
  /** Kinds of stores with their defaults. */
  store_types: {
    name: string;
    kind: StoreKind;
    description: string;
    /** Which files of a folder belong to the store, and which a discovery finds: `*.pem,*.crt`. */
    file_pattern: string;
    /** Private keys are in files of their own. */
    separate_keys: number;
    /** Whether private keys in PEM are encrypted by a password given with each of them. */
    entry_password: EntryPassword;
    /** 1: belongs to the product and stays as it is. */
    built_in: number;
    created_at: string;
    updated_at: string;
  };
  /** How other machines are reached by SFTP. */
  store_servers: {
    machine: string;
    port: number;
    username: string;
    authentication: 'password' | 'key';
    /** JSON, sealed by the vault. */
    credentials: string;
    /** The only key that is believed to be this machine's: `SHA256:…`, as OpenSSH writes it. */
    host_key: string;
    updated_at: string;
  };
  stores: {
    /** UUID. */
    id: string;
    display_name: string;
    container: number | null;
    /** `localhost`, or a host name or address that is reached by SFTP. */
    machine: string;
    /** Absolute. */
    path: string;
    type: string;
    /** 0: was discovered, and nobody has said yet that it is to be managed. */
    approved: number;
    create_if_missing: number;
    /** JSON. */
    properties: string;
    /** JSON; null: by hand alone. */
    inventory_schedule: string | null;
    /** Of the file, sealed by the vault. */
    store_password: string | null;
    inventoried_at: string | null;
    created_at: string;
    updated_at: string;
  };
  /** What was found in the stores when somebody looked last. */
  store_inventory: {
    store: string;
    /** In the store's order. */
    position: number;
    alias: string;
    /** 0: the entry's own certificate; 1, 2 …: those above it. */
    chain_position: number;
    /** SHA-256, hex. */
    fingerprint: string;
    has_private_key: number;
  };
  store_jobs: {
    id: Generated<number>;
    kind: JobKind;
    state: JobState;
    /** Null: a discovery. */
    store: string | null;
    machine: string;
    /** JSON. */
    schedule: string;
    due_at: string;
    /** How often it has failed since it was due. */
    attempts: number;
    /** JSON: what is added, removed, looked for. */
    details: string;
    /** A password or key that the job needs, sealed by the vault; gone when it has ended. */
    sealed: string | null;
    /** Why it failed the last time. */
    error: string | null;
    /** User name. */
    requested_by: string;
    created_at: string;
    ended_at: string | null;
  };
}

/** What a store is, where it lies: these are what the product can read and write. */
export const STORE_KINDS = ['pem-file', 'pem-folder', 'pkcs12-file'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export const ENTRY_PASSWORDS = ['none', 'optional', 'required'] as const;
export type EntryPassword = (typeof ENTRY_PASSWORDS)[number];

export const JOB_KINDS = [
  'inventory',
  'add',
  'remove',
  'replace',
  'reenroll',
  'discovery',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const JOB_STATES = ['scheduled', 'running', 'done', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

import type { Schedule } from './settings.ts';

/** What the server tells of certificate stores, their kinds, the machines they are on, and the work at them. */

export type StoreKind = 'pem-file' | 'pem-folder' | 'pkcs12-file';
export const STORE_KINDS: Readonly<Record<StoreKind, string>> = {
  'pem-file': 'PEM file',
  'pem-folder': 'Folder of PEM files',
  'pkcs12-file': 'PKCS#12 file',
};

/** This server, in the place of a machine. */
export const LOCALHOST = 'localhost';

export interface StoreServer {
  readonly clientMachine: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: 'password' | 'key';
  readonly hostKey: string;
  readonly updatedAt: string;
}

export interface StoreProperties {
  readonly keyPath?: string;
  readonly separateKeys?: boolean;
  readonly filePattern?: string;
}

export interface Store {
  readonly id: string;
  readonly displayName: string;
  readonly container: { readonly id: number; readonly name: string } | null;
  readonly clientMachine: string;
  readonly path: string;
  readonly type: string;
  readonly kind: StoreKind;
  readonly approved: boolean;
  readonly createIfMissing: boolean;
  readonly properties: StoreProperties;
  readonly inventorySchedule: Schedule;
  readonly passwordSet: boolean;
  readonly certificates: number;
  readonly lastInventoryAt: string | null;
  /** How its machine is reached; null: nobody has said, or it is this server. */
  readonly credentials: StoreServer | null;
}

export interface StorePage {
  readonly stores: Store[];
  readonly total: number;
  readonly next: string | null;
}

export interface StoreContainer {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly stores: number;
}

export interface StoreType {
  readonly name: string;
  readonly kind: StoreKind;
  readonly description: string;
  readonly filePattern: string;
  readonly separateKeys: boolean;
  readonly entryPassword: 'none' | 'optional' | 'required';
  readonly builtIn: boolean;
  readonly stores: number;
}

export interface InventoryEntry {
  readonly alias: string;
  /** 0: the entry itself; above 0: its chain. */
  readonly chainPosition: number;
  readonly fingerprint: string;
  readonly hasPrivateKey: boolean;
  readonly certificate: {
    readonly id: number;
    readonly subject: string;
    readonly notAfter: string;
    readonly state: 'active' | 'held' | 'revoked';
  } | null;
}

export const JOB_STATES = ['scheduled', 'running', 'done', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface StoreJob {
  readonly id: number;
  readonly kind: 'inventory' | 'add' | 'remove' | 'replace' | 'reenroll' | 'discovery';
  readonly state: JobState;
  readonly store: { readonly id: string; readonly displayName: string } | null;
  readonly clientMachine: string;
  readonly schedule: Exclude<Schedule, null>;
  readonly dueAt: string;
  readonly attempts: number;
  readonly details: {
    readonly certificate?: number;
    readonly subject?: string;
    readonly alias?: string | null;
    readonly path?: string;
  };
  readonly error: string | null;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

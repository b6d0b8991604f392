import type { Schedule } from './schedule.ts';
import type { NamedId } from './types.ts';

/** What the server answers about certificate stores, as its OpenAPI says it. */

export interface Store {
  readonly id: string;
  readonly displayName: string;
  readonly container: NamedId | null;
  readonly clientMachine: string;
  readonly path: string;
  readonly type: string;
  readonly kind: string;
  readonly approved: boolean;
  readonly createIfMissing: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly inventorySchedule: Schedule;
  readonly passwordSet: boolean;
  readonly certificates: number;
  readonly lastInventoryAt: string | null;
}

export interface StoreContainer {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly stores: number;
}

export interface StoreType {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly filePattern: string;
  readonly separateKeys: boolean;
  readonly entryPassword: string;
  readonly builtIn: boolean;
  readonly stores: number;
}

export interface StoreJob {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  /** Null: a discovery. */
  readonly store: { readonly id: string; readonly displayName: string } | null;
  readonly clientMachine: string;
  readonly schedule: Schedule;
  readonly dueAt: string;
  readonly attempts: number;
  readonly details: Readonly<Record<string, unknown>>;
  readonly error: string | null;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** How another machine is reached. */
export interface StoreServer {
  readonly clientMachine: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: 'password' | 'key';
  readonly hostKey: string;
  readonly updatedAt: string;
}

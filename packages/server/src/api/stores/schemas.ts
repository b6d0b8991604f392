import { isIP } from 'node:net';
import { z } from '@hono/zod-openapi';
import {
  ENTRY_PASSWORDS,
  JOB_KINDS,
  JOB_STATES,
  STORE_KINDS,
} from '../../database/store-schema.ts';
import { FILE_PATTERN } from '../../stores/file-pattern.ts';
import { LOCALHOST } from '../../stores/servers.ts';
import { Schedule } from '../schedule.ts';
import { line, text } from '../security/schemas.ts';

/** The shapes of certificate stores: what validates requests and what `/openapi.json` is made of. */

export const Name = line(64);
export const Description = text(1_024);
export const StoreId = z.uuid();

/** A page of a list. */
export const Paging = {
  after: z.string().max(64).optional().openapi({ description: 'The `next` of the answer before.' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
};

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/;
/** Another machine, or this one. */
export const Machine = z
  .string()
  .max(253)
  .transform((name) => name.toLowerCase())
  .refine((name) => HOST.test(name) || isIP(name) !== 0, 'a host name or an address')
  .openapi({
    description: `\`${LOCALHOST}\`, or a machine that is reached by SFTP.`,
    example: 'web1.example.com',
  });

export const HostKey = z
  .string()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, '"SHA256:" and 43 characters of base64')
  .openapi({ description: 'As `ssh-keygen -lf` prints it.' });

export const FilePattern = z
  .string()
  .regex(FILE_PATTERN, 'names with * and ?, separated by commas')
  .openapi({ example: '*.pem,*.crt' });

export const Container = z
  .object({
    id: z.int(),
    name: z.string(),
    description: z.string(),
    stores: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('StoreContainer');

const storeTypeValues = {
  name: Name,
  description: Description,
  filePattern: FilePattern,
  separateKeys: z.boolean().openapi({ description: 'Private keys are in files of their own.' }),
  entryPassword: z
    .enum(ENTRY_PASSWORDS)
    .openapi({ description: 'Whether private keys in PEM are encrypted, each by its password.' }),
};

export const NewStoreType = z
  .strictObject({
    ...storeTypeValues,
    description: Description.default(''),
    kind: z.enum(STORE_KINDS),
    separateKeys: storeTypeValues.separateKeys.default(false),
    entryPassword: storeTypeValues.entryPassword.default('none'),
  })
  .openapi('NewStoreType');
export const StoreTypeChange = z.strictObject(storeTypeValues).partial().openapi('StoreTypeChange');

export const StoreType = z
  .object({
    name: z.string(),
    kind: z.enum(STORE_KINDS),
    description: z.string(),
    filePattern: z.string(),
    separateKeys: z.boolean(),
    entryPassword: z.enum(ENTRY_PASSWORDS),
    builtIn: z.boolean(),
    stores: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('StoreType');

export const StoreServer = z
  .object({
    clientMachine: z.string(),
    port: z.int(),
    username: z.string(),
    authentication: z.enum(['password', 'key']),
    hostKey: z.string(),
    updatedAt: z.string(),
  })
  .openapi('StoreServer');

const Port = z.int().min(1).max(65_535).default(22);
const Username = line(64);
/** What a machine is reached with. */
export const Credentials = z
  .union([
    z.strictObject({
      port: Port,
      username: Username,
      hostKey: HostKey,
      password: z.string().min(1).max(1_024),
    }),
    z.strictObject({
      port: Port,
      username: Username,
      hostKey: HostKey,
      privateKey: z.string().min(1).max(16_384),
      passphrase: z.string().max(1_024).nullable().default(null),
    }),
  ])
  .openapi('StoreCredentials', {
    description:
      'A password or a private key, and the key of the machine that somebody has compared with the real one.',
  });

export const Properties = z
  .strictObject({
    keyPath: z.string().max(1_024).optional(),
    separateKeys: z.boolean().optional(),
    filePattern: FilePattern.optional(),
  })
  .openapi('StoreProperties');

export const Store = z
  .object({
    id: z.string(),
    displayName: z.string(),
    container: z.object({ id: z.int(), name: z.string() }).nullable(),
    clientMachine: z.string(),
    path: z.string(),
    type: z.string(),
    kind: z.enum(STORE_KINDS),
    approved: z.boolean(),
    createIfMissing: z.boolean(),
    properties: Properties,
    inventorySchedule: Schedule.nullable(),
    passwordSet: z.boolean(),
    certificates: z.int(),
    lastInventoryAt: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
    credentials: StoreServer.nullable().openapi({
      description: 'How its machine is reached; null: nobody has said, or it is this one.',
    }),
  })
  .openapi('Store');

export const InventoryEntry = z
  .object({
    alias: z.string(),
    chainPosition: z.int().openapi({ description: '0: the entry itself; above 0: its chain.' }),
    fingerprint: z.string(),
    hasPrivateKey: z.boolean(),
    certificate: z
      .object({
        id: z.int(),
        subject: z.string(),
        notAfter: z.string(),
        state: z.enum(['active', 'held', 'revoked']),
      })
      .nullable(),
  })
  .openapi('StoreInventoryEntry');

export const Job = z
  .object({
    id: z.int(),
    kind: z.enum(JOB_KINDS),
    state: z.enum(JOB_STATES),
    store: z.object({ id: z.string(), displayName: z.string() }).nullable(),
    clientMachine: z.string(),
    schedule: Schedule,
    dueAt: z.string(),
    attempts: z.int(),
    details: z.object({
      certificate: z.int().optional(),
      fingerprint: z.string().optional(),
      subject: z.string().optional(),
      alias: z.string().nullable().optional(),
      overwrite: z.boolean().optional(),
      includePrivateKey: z.boolean().optional(),
      replaces: z.string().optional(),
      request: z.int().optional(),
      path: z.string().optional(),
      types: z.array(z.string()).readonly().optional(),
    }),
    error: z.string().nullable().openapi({ description: 'Why it failed the last time.' }),
    requestedBy: z.string(),
    createdAt: z.string(),
    endedAt: z.string().nullable(),
  })
  .openapi('StoreJob');
export const Jobs = z.object({ jobs: z.array(Job).readonly() }).openapi('StoreJobs');

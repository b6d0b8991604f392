import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { StoreTables } from '../store-schema.ts';

const BUILT_IN = [
  {
    name: 'PEM file',
    kind: 'pem-file',
    description: 'One file with certificates, and with the private key or one beside it',
    file_pattern: '*.pem,*.crt,*.cer',
    separate_keys: 1,
    entry_password: 'optional',
  },
  {
    name: 'PEM folder',
    kind: 'pem-folder',
    description: 'A folder whose files are a certificate each, with the chain above it',
    file_pattern: '*.pem,*.crt,*.cer',
    separate_keys: 1,
    entry_password: 'optional',
  },
  {
    name: 'PKCS#12 (Java, Tomcat, Windows)',
    kind: 'pkcs12-file',
    description: 'One file with a password; what Java has as its keystore since version 9',
    file_pattern: '*.p12,*.pfx,*.jks,*.keystore',
    separate_keys: 0,
    entry_password: 'none',
  },
] as const;

/** Stores of certificates on machines, what is in them, and the work that is done there. */
export const STORES: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('store_containers')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('store_types')
      .addColumn('name', 'text', (c) => c.primaryKey().notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('file_pattern', 'text', (c) => c.notNull())
      .addColumn('separate_keys', 'integer', (c) => c.notNull())
      .addColumn('entry_password', 'text', (c) => c.notNull())
      .addColumn('built_in', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('store_servers')
      .addColumn('machine', 'text', (c) => c.primaryKey().notNull())
      .addColumn('port', 'integer', (c) => c.notNull())
      .addColumn('username', 'text', (c) => c.notNull())
      .addColumn('authentication', 'text', (c) => c.notNull())
      .addColumn('credentials', 'text', (c) => c.notNull())
      .addColumn('host_key', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('stores')
      .addColumn('id', 'text', (c) => c.primaryKey().notNull())
      .addColumn('display_name', 'text', (c) => c.notNull())
      .addColumn('container', 'integer', (c) => c.references('store_containers.id'))
      .addColumn('machine', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) =>
        c.notNull().references('store_types.name').onUpdate('cascade'),
      )
      .addColumn('approved', 'integer', (c) => c.notNull())
      .addColumn('create_if_missing', 'integer', (c) => c.notNull())
      .addColumn('properties', 'text', (c) => c.notNull())
      .addColumn('inventory_schedule', 'text')
      .addColumn('store_password', 'text')
      .addColumn('inventoried_at', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addUniqueConstraint('stores_place', ['machine', 'path'])
      .execute();
    await db.schema
      .createTable('store_inventory')
      .addColumn('store', 'text', (c) => c.notNull().references('stores.id').onDelete('cascade'))
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('alias', 'text', (c) => c.notNull())
      .addColumn('chain_position', 'integer', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('has_private_key', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('store_inventory_key', ['store', 'position'])
      .execute();
    await db.schema
      .createTable('store_jobs')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('store', 'text', (c) => c.references('stores.id').onDelete('cascade'))
      .addColumn('machine', 'text', (c) => c.notNull())
      .addColumn('schedule', 'text', (c) => c.notNull())
      .addColumn('due_at', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('details', 'text', (c) => c.notNull())
      .addColumn('sealed', 'text')
      .addColumn('error', 'text')
      .addColumn('requested_by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('ended_at', 'text')
      .execute();
    const made = new Date().toISOString();
    await (db as Kysely<StoreTables>)
      .insertInto('store_types')
      .values(
        BUILT_IN.map((type) => ({ ...type, built_in: 1, created_at: made, updated_at: made })),
      )
      .execute();
    const indexes: readonly [table: string, columns: readonly string[]][] = [
      ['stores', ['container']],
      ['store_inventory', ['fingerprint']],
      ['store_jobs', ['state', 'due_at']],
      ['store_jobs', ['store', 'state']],
    ];
    for (const [table, columns] of indexes)
      await db.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns([...columns])
        .execute();
  },
};

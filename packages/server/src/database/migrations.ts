import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { CERTIFICATES } from './migrations/0007-certificates.ts';
import { STORES } from './migrations/0008-stores.ts';
import { SETTINGS_AND_ALERTS } from './migrations/0009-settings-and-alerts.ts';

/** Every change of the schema, in order; a released one is never edited. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-accounts-and-outbox': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('users')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('username', 'text', (c) => c.notNull().unique())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('password', 'text', (c) => c.notNull())
        .addColumn('password_generated', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0))
        .addColumn('created_at', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('role_assignments')
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
        .addColumn('role', 'text', (c) => c.notNull())
        .addColumn('granted_at', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('role_assignments_key', ['user_id', 'role'])
        .execute();
      await db.schema
        .createTable('sessions')
        .addColumn('id_hash', 'text', (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('last_seen_at', 'text', (c) => c.notNull())
        .addColumn('address', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('producers')
        .addColumn('name', 'text', (c) => c.primaryKey().notNull())
        .addColumn('token_hash', 'text', (c) => c.notNull())
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('created_by', 'text', (c) => c.notNull())
        .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0))
        .execute();
      await db.schema
        .createTable('lockouts')
        .addColumn('username', 'text', (c) => c.primaryKey().notNull())
        .addColumn('failures', 'integer', (c) => c.notNull())
        .addColumn('first_failure_at', 'text', (c) => c.notNull())
        .addColumn('locked_until', 'text')
        .execute();
      await db.schema
        .createTable('outbox')
        .addColumn('position', 'integer', (c) => c.primaryKey().autoIncrement())
        .addColumn('seq', 'integer', (c) => c.unique())
        .addColumn('draft', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('settings')
        .addColumn('key', 'text', (c) => c.primaryKey().notNull())
        .addColumn('value', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0002-certificates': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('certificates')
        .addColumn('fingerprint', 'text', (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('issuer', 'text', (c) => c.notNull())
        .addColumn('serial', 'text', (c) => c.notNull())
        .addColumn('valid_to', 'text', (c) => c.notNull())
        .addColumn('certificate', 'text', (c) => c.notNull())
        .addColumn('enrolled_at', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0003-security': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .alterTable('users')
        .addColumn('kind', 'text', (c) => c.notNull().defaultTo('person'))
        .execute();
      for (const column of ['alias', 'email', 'provider', 'subject'])
        await db.schema.alterTable('users').addColumn(column, 'text').execute();
      await db.schema.createIndex('users_by_alias').on('users').column('alias').unique().execute();
      await db.schema
        .createIndex('users_by_subject')
        .on('users')
        .columns(['provider', 'subject'])
        .unique()
        .execute();
      await db.schema
        .alterTable('sessions')
        .addColumn('method', 'text', (c) => c.notNull().defaultTo('password'))
        .execute();
      for (const column of ['credential', 'roles'])
        await db.schema.alterTable('sessions').addColumn(column, 'text').execute();
      await db.schema
        .createTable('roles')
        .addColumn('name', 'text', (c) => c.primaryKey().notNull())
        .addColumn('description', 'text', (c) => c.notNull())
        .addColumn('built_in', 'integer', (c) => c.notNull())
        .addColumn('exclusive', 'integer', (c) => c.notNull())
        .addColumn('groups', 'text', (c) => c.notNull())
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('updated_at', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('role_permissions')
        .addColumn('role', 'text', (c) =>
          c.notNull().references('roles.name').onDelete('cascade').onUpdate('cascade'),
        )
        .addColumn('resource', 'text', (c) => c.notNull())
        .addColumn('operation', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('role_permissions_key', ['role', 'resource', 'operation'])
        .execute();
      await db.schema
        .createTable('role_claims')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('role', 'text', (c) =>
          c.notNull().references('roles.name').onDelete('cascade').onUpdate('cascade'),
        )
        .addColumn('provider', 'text', (c) => c.notNull())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('value', 'text', (c) => c.notNull())
        .addColumn('description', 'text', (c) => c.notNull())
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addUniqueConstraint('role_claims_once', ['role', 'provider', 'type', 'value'])
        .execute();
      await db.schema
        .createTable('access_rules')
        .addColumn('resource', 'text', (c) => c.primaryKey().notNull())
        .addColumn('line', 'text', (c) => c.notNull())
        .addColumn('updated_at', 'text', (c) => c.notNull())
        .addColumn('updated_by', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('applications')
        .addColumn('user_id', 'text', (c) =>
          c.primaryKey().notNull().references('users.id').onDelete('cascade'),
        )
        .addColumn('key', 'text', (c) => c.notNull().unique())
        .addColumn('secret_hash', 'text', (c) => c.notNull())
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('created_by', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('api_tokens')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('token_hash', 'text', (c) => c.notNull().unique())
        .addColumn('scopes', 'text')
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'text', (c) => c.notNull())
        .addColumn('last_used_at', 'text')
        .addUniqueConstraint('api_tokens_by_name', ['user_id', 'name'])
        .execute();
      await db.schema
        .createTable('access_reviews')
        .addColumn('period', 'text', (c) => c.primaryKey().notNull())
        .addColumn('created_at', 'text', (c) => c.notNull())
        .addColumn('created_by', 'text', (c) => c.notNull())
        .addColumn('report', 'text', (c) => c.notNull())
        .addColumn('signed_at', 'text')
        .addColumn('signed_by', 'text')
        .addColumn('comment', 'text')
        .execute();
      await db.schema
        .createTable('event_selection')
        .addColumn('event', 'text', (c) => c.primaryKey().notNull())
        .addColumn('enabled', 'integer', (c) => c.notNull())
        .addColumn('filter', 'text')
        .addColumn('updated_at', 'text', (c) => c.notNull())
        .addColumn('updated_by', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0005-erasures': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('erasures')
        .addColumn('position', 'integer', (c) => c.primaryKey().autoIncrement())
        .addColumn('id', 'text', (c) => c.notNull().unique())
        .addColumn('record', 'integer', (c) => c.notNull())
        .addColumn('legal_basis', 'text', (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('requested_at', 'text', (c) => c.notNull())
        .addColumn('requested_by', 'text', (c) => c.notNull())
        .addColumn('requested_by_name', 'text', (c) => c.notNull())
        .addColumn('requested_by_id', 'text', (c) => c.notNull())
        .addColumn('decided_at', 'text')
        .addColumn('decided_by', 'text')
        .addColumn('decided_by_name', 'text')
        .addColumn('decided_because', 'text')
        .addColumn('approved_at_size', 'integer')
        .addColumn('erasure_record', 'integer')
        .addColumn('erased_at', 'text')
        .execute();
      // One request at a time for a record.
      await sql`create unique index erasures_open on erasures (record) where state in ('pending', 'approved')`.execute(
        db,
      );
    },
  },
  '0006-security-administration': {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('users').addColumn('last_sign_in_at', 'text').execute();
      await db.schema
        .alterTable('applications')
        .addColumn('description', 'text', (c) => c.notNull().defaultTo(''))
        .execute();
      await db.schema
        .createTable('revocations')
        .addColumn('serial', 'text', (c) => c.primaryKey().notNull())
        .addColumn('revoked_at', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0007-certificates': CERTIFICATES,
  '0008-stores': STORES,
  '0009-settings-and-alerts': SETTINGS_AND_ALERTS,
};

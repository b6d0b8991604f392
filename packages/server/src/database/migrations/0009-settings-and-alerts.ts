import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Application settings; alerts, when they are looked for, and what of them is still to be sent. */
export const SETTINGS_AND_ALERTS: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('application_settings')
      .addColumn('name', 'text', (c) => c.primaryKey().notNull())
      .addColumn('value', 'text')
      .addColumn('default_value', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addColumn('updated_by', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('alerts')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('display_name', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('recipients', 'text', (c) => c.notNull())
      .addColumn('webhook', 'text')
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('days_before', 'integer')
      .addColumn('query', 'text')
      .addColumn('collection', 'integer', (c) => c.references('collections.id'))
      .addColumn('template', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .addUniqueConstraint('alerts_by_name', ['kind', 'display_name'])
      .execute();
    await db.schema
      .createTable('alert_schedules')
      .addColumn('kind', 'text', (c) => c.primaryKey().notNull())
      .addColumn('schedule', 'text')
      .execute();
    await db.schema
      .createTable('alert_runs')
      .addColumn('kind', 'text', (c) => c.primaryKey().notNull())
      .addColumn('schedule', 'text', (c) => c.notNull())
      .addColumn('due_at', 'text')
      .execute();
    await db.schema
      .createTable('alert_deliveries')
      .addColumn('id', 'text', (c) => c.primaryKey().notNull())
      .addColumn('alert', 'integer', (c) => c.notNull().references('alerts.id').onDelete('cascade'))
      .addColumn('object', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('queued_at', 'text', (c) => c.notNull())
      .addColumn('due_at', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull())
      .addColumn('begun_at', 'text')
      .execute();
    await db.schema
      .createIndex('alert_deliveries_by_due')
      .on('alert_deliveries')
      .columns(['due_at'])
      .execute();
    await db.schema
      .createTable('alert_warnings')
      .addColumn('alert', 'integer', (c) => c.notNull().references('alerts.id').onDelete('cascade'))
      .addColumn('object', 'text', (c) => c.notNull())
      .addColumn('days_before', 'integer', (c) => c.notNull())
      .addColumn('warned_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('alert_warnings_key', ['alert', 'object', 'days_before'])
      .execute();
  },
};

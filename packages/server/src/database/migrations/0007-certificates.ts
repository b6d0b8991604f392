import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Certificate management: authorities and what they issue, templates, requests, metadata, collections. */
export const CERTIFICATES: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // What users are known by has a name of its own; "certificates" are those that are managed.
    await db.schema.alterTable('certificates').renameTo('client_certificates').execute();
    await db.schema
      .createTable('authorities')
      .addColumn('id', 'text', (c) => c.primaryKey().notNull())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('parent', 'text', (c) => c.references('authorities.id'))
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('certificate', 'text', (c) => c.notNull())
      .addColumn('key_algorithm', 'text', (c) => c.notNull())
      .addColumn('private_key', 'text')
      .addColumn('token', 'text')
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('settings', 'text', (c) => c.notNull())
      .addColumn('crl_number', 'integer', (c) => c.notNull())
      .addColumn('crl_due_at', 'text')
      .addColumn('ocsp_signer', 'text')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('crls')
      .addColumn('authority', 'text', (c) => c.notNull().references('authorities.id'))
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('base_number', 'integer')
      .addColumn('this_update', 'text', (c) => c.notNull())
      .addColumn('next_update', 'text', (c) => c.notNull())
      .addColumn('entries', 'integer', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('der', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('crls_key', ['authority', 'number'])
      .execute();
    await db.schema
      .createTable('templates')
      .addColumn('name', 'text', (c) => c.primaryKey().notNull())
      .addColumn('display_name', 'text', (c) => c.notNull())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('policy', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('certificate_requests')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('template', 'text', (c) => c.notNull())
      .addColumn('authority', 'text', (c) => c.notNull().references('authorities.id'))
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('details', 'text', (c) => c.notNull())
      .addColumn('private_key', 'text')
      .addColumn('renews', 'integer')
      .addColumn('requester', 'text', (c) => c.notNull())
      .addColumn('submitted_at', 'text', (c) => c.notNull())
      .addColumn('decided_at', 'text')
      .addColumn('decided_by', 'text')
      .addColumn('comment', 'text')
      .addColumn('certificate', 'integer')
      .execute();
    await db.schema
      .createTable('certificates')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('fingerprint', 'text', (c) => c.notNull().unique())
      .addColumn('thumbprint', 'text', (c) => c.notNull())
      .addColumn('serial', 'text', (c) => c.notNull())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('subject_folded', 'text', (c) => c.notNull())
      .addColumn('common_name', 'text', (c) => c.notNull())
      .addColumn('issuer', 'text', (c) => c.notNull())
      .addColumn('authority', 'text', (c) => c.references('authorities.id'))
      .addColumn('not_before', 'text', (c) => c.notNull())
      .addColumn('not_after', 'text', (c) => c.notNull())
      .addColumn('key_type', 'text', (c) => c.notNull())
      .addColumn('key_size', 'integer', (c) => c.notNull())
      .addColumn('signature_algorithm', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('template', 'text')
      .addColumn('requester', 'text', (c) => c.notNull())
      .addColumn('request', 'integer', (c) => c.references('certificate_requests.id'))
      .addColumn('origin', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('revoked_at', 'text')
      .addColumn('revocation_reason', 'integer')
      .addColumn('revocation_comment', 'text')
      .addColumn('has_private_key', 'integer', (c) => c.notNull())
      .addColumn('owner_role', 'text')
      .addColumn('renews', 'integer')
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('certificate_contents')
      .addColumn('certificate', 'integer', (c) =>
        c.primaryKey().notNull().references('certificates.id').onDelete('cascade'),
      )
      .addColumn('der', 'text', (c) => c.notNull())
      .addColumn('private_key', 'text')
      .addColumn('key_retained_until', 'text')
      .execute();
    await db.schema
      .createTable('certificate_sans')
      .addColumn('certificate', 'integer', (c) =>
        c.notNull().references('certificates.id').onDelete('cascade'),
      )
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('folded', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('certificate_sans_key', ['certificate', 'position'])
      .execute();
    await db.schema
      .createTable('revoked_certificates')
      .addColumn('authority', 'text', (c) => c.notNull().references('authorities.id'))
      .addColumn('serial', 'text', (c) => c.notNull())
      .addColumn('reason', 'integer', (c) => c.notNull())
      .addColumn('revoked_at', 'text', (c) => c.notNull())
      .addColumn('invalid_since', 'text')
      .addColumn('not_after', 'text', (c) => c.notNull())
      .addColumn('released_at', 'text')
      .addColumn('changed_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('revoked_certificates_key', ['authority', 'serial'])
      .execute();
    await db.schema
      .createTable('metadata_fields')
      .addColumn('name', 'text', (c) => c.primaryKey().notNull())
      .addColumn('definition', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('certificate_metadata')
      .addColumn('certificate', 'integer', (c) =>
        c.notNull().references('certificates.id').onDelete('cascade'),
      )
      .addColumn('field', 'text', (c) =>
        c.notNull().references('metadata_fields.name').onDelete('cascade').onUpdate('cascade'),
      )
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('folded', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('certificate_metadata_key', ['certificate', 'field'])
      .execute();
    await db.schema
      .createTable('signing_requests')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('key_algorithm', 'text', (c) => c.notNull())
      .addColumn('template', 'text')
      .addColumn('csr', 'text', (c) => c.notNull())
      .addColumn('public_key', 'text', (c) => c.notNull())
      .addColumn('private_key', 'text', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('created_by', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('collections')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('name', 'text', (c) => c.notNull().unique())
      .addColumn('description', 'text', (c) => c.notNull())
      .addColumn('query', 'text', (c) => c.notNull())
      .addColumn('on_dashboard', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'text', (c) => c.notNull())
      .addColumn('updated_at', 'text', (c) => c.notNull())
      .execute();
    const indexes: readonly [table: string, columns: readonly string[]][] = [
      ['certificates', ['serial']],
      ['certificates', ['thumbprint']],
      // With the number: parts of names are looked for in the index alone.
      ['certificates', ['common_name', 'id']],
      ['certificates', ['subject_folded', 'id']],
      ['certificates', ['not_after']],
      ['certificates', ['template', 'state', 'not_after']],
      ['certificates', ['requester']],
      ['certificates', ['issuer']],
      ['certificates', ['owner_role']],
      ['certificates', ['state', 'not_after']],
      ['certificates', ['authority', 'serial']],
      ['certificates', ['renews']],
      ['certificates', ['public_key']],
      ['certificate_sans', ['folded', 'certificate']],
      ['certificate_metadata', ['field', 'folded', 'certificate']],
      ['certificate_requests', ['state', 'id']],
      ['revoked_certificates', ['authority', 'changed_at']],
      ['signing_requests', ['public_key']],
    ];
    for (const [table, columns] of indexes)
      await db.schema
        .createIndex(`${table}_by_${columns.join('_')}`)
        .on(table)
        .columns([...columns])
        .execute();
  },
};

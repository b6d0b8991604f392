import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { CertificateSchema } from '../database/certificate-schema.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import {
  DEFAULT_GLOBAL_POLICY,
  DEFAULT_POLICY,
  type GlobalPolicy,
  type TemplatePolicy,
} from './policy.ts';

/** A template: a name, and what certificates by it are like. */
export interface Template {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly policy: TemplatePolicy;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A template to be. */
export type NewTemplate = Omit<Template, 'createdAt' | 'updatedAt'>;

/** Every template by name. */
export async function listTemplates(db: StateReader): Promise<Template[]> {
  const rows = await db.selectFrom('templates').selectAll().orderBy('name').execute();
  return rows.map(toTemplate);
}

/** The template of a name. Throws `not_found`. */
export async function findTemplate(db: StateReader, name: string): Promise<Template> {
  const row = await db
    .selectFrom('templates')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst();
  if (row === undefined)
    throw new ServerError('not_found', `there is no template "${name.slice(0, 100)}"`);
  return toTemplate(row);
}

/** A template as records hold it. */
export function templateModel(template: NewTemplate): JsonObject {
  const { name, displayName, description, enabled, policy } = template;
  return JSON.parse(
    JSON.stringify({ name, displayName, description, enabled, policy }),
  ) as JsonObject;
}

/** Writes a template that is not there yet; the caller records it. */
export async function insertTemplate(
  db: StateTransaction,
  template: NewTemplate,
  now: Date,
): Promise<void> {
  const at = now.toISOString();
  await db
    .insertInto('templates')
    .values({ name: template.name, ...columns(template), created_at: at, updated_at: at })
    .execute();
}

/** Writes what a template is from now on; the caller records it. */
export async function writeTemplate(
  db: StateTransaction,
  template: NewTemplate,
  now: Date,
): Promise<void> {
  await db
    .updateTable('templates')
    .set({ ...columns(template), updated_at: now.toISOString() })
    .where('name', '=', template.name)
    .execute();
}

const GLOBAL = 'templates.global';

/** What holds for all templates. */
export async function readGlobalPolicy(db: StateReader): Promise<GlobalPolicy> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', GLOBAL)
    .executeTakeFirst();
  if (row === undefined) return DEFAULT_GLOBAL_POLICY;
  return { ...DEFAULT_GLOBAL_POLICY, ...(JSON.parse(row.value) as Partial<GlobalPolicy>) };
}

/** Writes what holds for all templates from now on; the caller records it. */
export async function writeGlobalPolicy(db: StateTransaction, policy: GlobalPolicy): Promise<void> {
  const value = JSON.stringify(policy);
  await db
    .insertInto('settings')
    .values({ key: GLOBAL, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

function columns({ displayName, description, enabled, policy }: NewTemplate) {
  return {
    display_name: displayName,
    description,
    enabled: enabled ? 1 : 0,
    policy: JSON.stringify(policy),
  };
}

function toTemplate(row: Selectable<CertificateSchema['templates']>): Template {
  const kept = JSON.parse(row.policy) as Partial<TemplatePolicy>;
  return {
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    enabled: row.enabled === 1,
    policy: { ...DEFAULT_POLICY, ...kept, sans: { ...DEFAULT_POLICY.sans, ...kept.sans } },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

import type { JsonObject } from '@countersign/records';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import { ServerError } from '../errors.ts';
import { assertGlobalPolicy, assertPolicy } from './check-policy.ts';
import type { GlobalPolicy, TemplatePolicy } from './policy.ts';
import { GLOBAL_NAME, templateChange, type TemplateAttempt } from './records.ts';
import {
  findTemplate,
  insertTemplate,
  readGlobalPolicy,
  templateModel,
  writeGlobalPolicy,
  writeTemplate,
  type NewTemplate,
  type Template,
} from './templates.ts';

/** Creates a template. Throws `already_exists`, `request_invalid`. */
export async function createTemplate(
  tx: ChangeTransaction,
  wanted: NewTemplate,
): Promise<Template> {
  await assertFree(tx, wanted.name);
  await assertPolicy(tx.db, wanted.policy);
  await insertTemplate(tx.db, wanted, tx.now);
  changed(tx, { operation: 'Created', name: wanted.name }, null, templateModel(wanted));
  return await findTemplate(tx.db, wanted.name);
}

/** What can be changed of a template; left out: stays as it is. */
export interface TemplateChange {
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly policy?: { readonly [K in keyof TemplatePolicy]?: TemplatePolicy[K] | undefined };
}

/** Changes a template; certificates that were issued by it stay as they are. Throws `not_found`, `request_invalid`. */
export async function updateTemplate(
  tx: ChangeTransaction,
  name: string,
  change: TemplateChange,
): Promise<Template> {
  const template = await findTemplate(tx.db, name);
  const wanted: NewTemplate = {
    name,
    displayName: change.displayName ?? template.displayName,
    description: change.description ?? template.description,
    enabled: change.enabled ?? template.enabled,
    policy: merged(template.policy, change.policy ?? {}),
  };
  const before = templateModel(template);
  const after = templateModel(wanted);
  if (JSON.stringify(before) === JSON.stringify(after)) return template;
  await assertPolicy(tx.db, wanted.policy);
  await writeTemplate(tx.db, wanted, tx.now);
  changed(tx, { operation: 'Updated', name }, before, after);
  return await findTemplate(tx.db, name);
}

/** Deletes a template; its certificates keep its name. Throws `not_found`, `in_use` while requests by it wait. */
export async function deleteTemplate(tx: ChangeTransaction, name: string): Promise<void> {
  const template = await findTemplate(tx.db, name);
  const waiting = await tx.db
    .selectFrom('certificate_requests')
    .select('id')
    .where('template', '=', name)
    .where('state', '=', 'pending')
    .execute();
  if (waiting.length > 0)
    throw new ServerError(
      'in_use',
      `template "${name}": ${waiting.length} requests by it wait for a decision`,
      { members: { requests: waiting.map(({ id }) => id) } },
    );
  await tx.db.deleteFrom('templates').where('name', '=', name).execute();
  changed(tx, { operation: 'Deleted', name }, templateModel(template), null);
}

/**
 * Brings templates of another installation in, all or none, each with its record. One that is here already under its
 * name is replaced. Throws `request_invalid`.
 */
export async function importTemplates(
  tx: ChangeTransaction,
  wanted: readonly NewTemplate[],
): Promise<Template[]> {
  const names = wanted.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new ServerError('request_invalid', `templates: "${twice}" is there twice`);
  for (const one of wanted) {
    const { name } = one;
    await assertPolicy(tx.db, one.policy);
    const known = await tx.db
      .selectFrom('templates')
      .select('name')
      .where('name', '=', name)
      .executeTakeFirst();
    const before = known === undefined ? null : templateModel(await findTemplate(tx.db, name));
    if (before === null) await insertTemplate(tx.db, one, tx.now);
    else await writeTemplate(tx.db, one, tx.now);
    tx.record(
      templateChange({ operation: 'Imported', name }, tx.caller, 'Success', {
        before,
        after: templateModel(one),
      }),
    );
  }
  return await Promise.all(names.map(async (name) => await findTemplate(tx.db, name)));
}

/** Replaces what holds for all templates. Throws `request_invalid`. */
export async function replaceGlobalPolicy(
  tx: ChangeTransaction,
  policy: GlobalPolicy,
): Promise<GlobalPolicy> {
  assertGlobalPolicy(policy);
  const before = globalModel(await readGlobalPolicy(tx.db));
  const after = globalModel(policy);
  if (JSON.stringify(before) === JSON.stringify(after)) return policy;
  await writeGlobalPolicy(tx.db, policy);
  changed(tx, { operation: 'Updated', name: GLOBAL_NAME }, before, after);
  return policy;
}

function changed(
  tx: ChangeTransaction,
  attempt: TemplateAttempt,
  before: JsonObject | null,
  after: JsonObject | null,
): void {
  tx.record(templateChange(attempt, tx.caller, 'Success', { before, after }));
}

function merged(
  policy: TemplatePolicy,
  change: NonNullable<TemplateChange['policy']>,
): TemplatePolicy {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { ...policy, ...(Object.fromEntries(given) as Partial<TemplatePolicy>) };
}

function globalModel(policy: GlobalPolicy): JsonObject {
  return JSON.parse(JSON.stringify(policy)) as JsonObject;
}

async function assertFree(tx: ChangeTransaction, name: string): Promise<void> {
  const folded = name.toLowerCase();
  const rows = await tx.db.selectFrom('templates').select('name').execute();
  const taken = rows.find((row) => row.name.toLowerCase() === folded);
  if (taken !== undefined)
    throw new ServerError('already_exists', `name: "${taken.name}" is a template already`, {
      members: { field: 'name' },
    });
}

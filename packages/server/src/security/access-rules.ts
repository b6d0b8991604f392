import type { JsonObject, ObjectRef } from '@countersign/records';
import { viewOf, readPolicy, type RuleView } from '../authorization/access-policy.ts';
import { importRules } from '../authorization/acl/import.ts';
import { parseRule } from '../authorization/acl/parse.ts';
import { formatRule, type AccessRule } from '../authorization/acl/rule.ts';
import { DEFAULT_RULES } from '../authorization/default-rules.ts';
import { Policy, type RuleInForce } from '../authorization/policy.ts';
import {
  assertStaffed,
  assertReserved,
  AT_THE_MACHINE,
  type ReservedGrant,
} from '../authorization/safeguards.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import type { SecurityTransaction } from './change.ts';
import { assertOrder } from './guards.ts';
import { isRecordable, isSeen, RECORDABLE_EXPECTED, SEEN_EXPECTED } from './names.ts';
import { ACCESS_RULE, type Attempt } from './records.ts';

/** One rule that is to be another. */
export interface RuleChange {
  readonly resource: string;
  /** The line before; null: there was none. */
  readonly before: string | null;
  readonly after: string;
}

/** What an import changes, and how many of its rules are in force already. */
export interface Import {
  readonly changes: readonly RuleChange[];
  readonly unchanged: number;
}

/** More rules than this are no import. */
const MAX_RULES = 1_000;

/**
 * Puts a rule in the place of the one in force for its resource. Throws `acl_syntax`, `request_invalid` for the rule of
 * another resource, `reserved_right`, `last_administrator`.
 */
export async function putRule(
  tx: SecurityTransaction,
  resource: string,
  line: string,
): Promise<RuleView> {
  const rule = parseRule(line);
  if (rule.resource !== resource)
    throw faultyField('line', `a rule of ${resource}`, `one of ${rule.resource}`);
  assertLegible('line', rule);
  await writeRules(tx, [rule]);
  return await ruleOf(tx.db, resource);
}

/**
 * Restores the product's rule of a resource. Null: the product has none, so there is none any more. Throws `not_found`,
 * `reserved_right`, `last_administrator`.
 */
export async function resetRule(
  tx: SecurityTransaction,
  resource: string,
): Promise<RuleView | null> {
  const before = await ruleOf(tx.db, resource);
  const own = productRule(resource);
  if (own !== null) {
    await writeRules(tx, [own]);
    return await ruleOf(tx.db, resource);
  }
  const attempt: Attempt = { ...ACCESS_RULE, operation: 'Deleted', target: refOf(resource) };
  tx.attempts(attempt);
  await tx.db.deleteFrom('access_rules').where('resource', '=', resource).execute();
  await assertOrder(tx);
  tx.changed(attempt, { before: modelOf(before), after: null });
  return null;
}

/** Takes rules over, all or none; those of other resources stay. Throws as {@link putRule} does. */
export async function takeOverRules(tx: SecurityTransaction, text: string): Promise<Import> {
  const rules = parseRules(text);
  const plan = compare(await readPolicy(tx.db), rules);
  await writeRules(tx, rules);
  return plan;
}

/** What {@link takeOverRules} would do, or throw; nothing is changed. */
export async function tryRules(db: StateReader, text: string, address: string): Promise<Import> {
  const rules = parseRules(text);
  const policy = await readPolicy(db);
  const changed = { at: '', by: '' };
  const others = policy.rules.filter(
    ({ rule }) => !rules.some(({ resource }) => resource === rule.resource),
  );
  const next = new Policy({
    rules: [...others, ...rules.map((rule) => ({ rule, changed }))],
    roles: policy.roles,
  });
  assertReserved(next);
  await assertStaffed(next, db, [address, ...AT_THE_MACHINE]);
  return compare(policy, rules);
}

function parseRules(text: string): readonly AccessRule[] {
  const { rules } = importRules(text);
  if (rules.length > MAX_RULES)
    throw faultyField('lines', `at most ${MAX_RULES} rules`, `${rules.length}`);
  for (const rule of rules) assertLegible('lines', rule);
  return rules;
}

/** Whoever reads the rule, on a page or in its record, reads all of it. Throws `request_invalid`. */
function assertLegible(field: 'line' | 'lines', rule: AccessRule): void {
  const got = `the rule of ${rule.resource.slice(0, 100)}`;
  const line = formatRule(rule);
  if (!isSeen(line)) throw faultyField(field, SEEN_EXPECTED, got);
  if (!isRecordable(line)) throw faultyField(field, RECORDABLE_EXPECTED, got);
}

function compare(policy: Policy, rules: readonly AccessRule[]): Import {
  const changes = rules.flatMap((rule) => {
    const held = policy.ruleOf(rule.resource);
    const before = held === null ? null : formatRule(held.rule);
    const after = formatRule(rule);
    return before === after ? [] : [{ resource: rule.resource, before, after }];
  });
  return { changes, unchanged: rules.length - changes.length };
}

/** Writes the rules that differ from those in force, each with its record; the product's own are kept nowhere. */
async function writeRules(tx: SecurityTransaction, rules: readonly AccessRule[]): Promise<void> {
  const policy = await readPolicy(tx.db);
  const { changes } = compare(policy, rules);
  if (changes.length === 0) return;
  const attempts = new Map(
    changes.map(({ resource, before }) => [
      resource,
      {
        ...ACCESS_RULE,
        operation: before === null ? 'Created' : 'Updated',
        target: refOf(resource),
      } satisfies Attempt,
    ]),
  );
  for (const { resource, after } of changes) {
    const own = productRule(resource);
    await tx.db.deleteFrom('access_rules').where('resource', '=', resource).execute();
    if (own !== null && formatRule(own) === after) continue;
    const row = {
      resource,
      line: after,
      updated_at: tx.now.toISOString(),
      updated_by: tx.caller.session.user.username,
    };
    await tx.db.insertInto('access_rules').values(row).execute();
  }
  const [first] = attempts.values();
  if (first !== undefined) tx.attempts(first);
  try {
    await assertOrder(tx);
  } catch (error) {
    // Of several rules, the one that is refused is the one that was attempted.
    const attempt = attempts.get(refusedRule(error) ?? '');
    if (attempt !== undefined) tx.attempts(attempt);
    throw error;
  }
  const next = await readPolicy(tx.db);
  for (const [resource, attempt] of attempts) {
    const before = policy.ruleOf(resource);
    const after = next.ruleOf(resource);
    tx.changed(attempt, { before: modelOrNull(before), after: modelOrNull(after) });
  }
}

function refusedRule(error: unknown): string | null {
  if (!(error instanceof ServerError) || error.code !== 'reserved_right') return null;
  const grants = error.members['grants'] as readonly ReservedGrant[] | undefined;
  const rule = grants?.find((grant) => grant.in.kind === 'rule');
  return rule?.in.name ?? null;
}

function productRule(resource: string): AccessRule | null {
  return DEFAULT_RULES.find((rule) => rule.resource === resource) ?? null;
}

async function ruleOf(db: StateReader, resource: string): Promise<RuleView> {
  const found = (await readPolicy(db)).ruleOf(resource);
  if (found !== null) return viewOf(found);
  throw new ServerError('not_found', `there is no access rule of "${resource.slice(0, 100)}"`);
}

function modelOrNull(found: RuleInForce | null): JsonObject | null {
  return found === null ? null : modelOf(viewOf(found));
}

function modelOf({ resource, operations, entries, description, line }: RuleView): JsonObject {
  return {
    resource,
    operations: [...operations],
    entries: entries.map((entry) => ({ ...entry, operations: [...entry.operations] })),
    description,
    line,
  };
}

function refOf(resource: string): ObjectRef {
  return { type: 'access rule', id: resource, name: resource };
}

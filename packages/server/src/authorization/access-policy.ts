import type { StateReader } from '../database/schema.ts';
import { parseRule } from './acl/parse.ts';
import { formatRule, type AccessEntry } from './acl/rule.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import type { AuthorizationEngine, Decision, Right, Subject } from './engine.ts';
import { Policy, type RoleFacts, type RuleInForce } from './policy.ts';

/** An access rule as it is shown. */
export interface RuleView {
  readonly resource: string;
  readonly operations: readonly string[];
  /** The whole rule in Dogtag's spelling. */
  readonly line: string;
  readonly entries: readonly {
    readonly type: AccessEntry['type'];
    readonly operations: readonly string[];
    readonly expression: string;
  }[];
  readonly description: string;
  /** True: somebody has changed or added it. */
  readonly changed: boolean;
  readonly updatedAt: string | null;
  readonly updatedBy: string | null;
}

/**
 * The rules and roles in force, for the whole server. What decides is an immutable `Policy`; after a change has
 * been committed, `load` puts a new one in its place, and the next request is decided by it.
 */
export class AccessPolicy implements AuthorizationEngine {
  #policy: Policy;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** Reads rules and roles out of state.db. */
  static async open(db: StateReader): Promise<AccessPolicy> {
    return new AccessPolicy(await readPolicy(db));
  }

  /** Takes up what has been committed; until then the policy before decides. */
  async load(db: StateReader): Promise<void> {
    this.#policy = await readPolicy(db);
  }

  /** The policy in force, to look at. */
  get current(): Policy {
    return this.#policy;
  }

  isAllowed(subject: Subject, right: Right): boolean {
    return this.#policy.isAllowed(subject, right);
  }

  decide(subject: Subject, right: Right): Decision {
    return this.#policy.decide(subject, right);
  }

  rightsBelow(subject: Subject, right: Right): Right[] {
    return this.#policy.rightsBelow(subject, right);
  }

  /** The rules in force, by resource. */
  rules(): RuleView[] {
    return this.#policy.rules.map(viewOf);
  }

  /** The rule in force for a resource, or null when there is none. */
  ruleOf(resource: string): RuleView | null {
    const found = this.#policy.ruleOf(resource);
    return found === null ? null : viewOf(found);
  }

  /** The exclusive role that stands beside another one, or null when the set may be held by one person. */
  findRoleConflict(roles: readonly string[]): string | null {
    return this.#policy.findRoleConflict(roles);
  }
}

/**
 * The policy that state.db holds: the product's rules, in their places those that somebody has changed, and the
 * roles with their permissions. Read in a transaction, it is the policy that the transaction would make.
 */
export async function readPolicy(db: StateReader): Promise<Policy> {
  return new Policy({ rules: await readRules(db), roles: await readRoles(db) });
}

async function readRules(db: StateReader): Promise<RuleInForce[]> {
  const rules = new Map<string, RuleInForce>(
    DEFAULT_RULES.map((rule) => [rule.resource, { rule, changed: null }]),
  );
  for (const row of await db.selectFrom('access_rules').selectAll().execute()) {
    const rule = parseRule(row.line);
    rules.set(rule.resource, { rule, changed: { at: row.updated_at, by: row.updated_by } });
  }
  return [...rules.values()].sort((a, b) => compare(a.rule.resource, b.rule.resource));
}

async function readRoles(db: StateReader): Promise<RoleFacts[]> {
  const permissions = await db
    .selectFrom('role_permissions')
    .selectAll()
    .orderBy('resource')
    .orderBy('operation')
    .execute();
  const rows = await db.selectFrom('roles').selectAll().orderBy('name').execute();
  return rows.map((row) => ({
    name: row.name,
    description: row.description,
    builtIn: row.built_in === 1,
    exclusive: row.exclusive === 1,
    groups: JSON.parse(row.groups) as string[],
    permissions: permissions
      .filter(({ role }) => role === row.name)
      .map(({ resource, operation }) => ({ resource, operation })),
  }));
}

/** A rule in force as it is shown. */
export function viewOf({ rule, changed }: RuleInForce): RuleView {
  return {
    resource: rule.resource,
    operations: rule.operations,
    line: formatRule(rule),
    entries: rule.entries.map(({ type, operations, expression }) => ({
      type,
      operations,
      expression,
    })),
    description: rule.description,
    changed: changed !== null,
    updatedAt: changed?.at ?? null,
    updatedBy: changed?.by ?? null,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

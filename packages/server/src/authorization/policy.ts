import { formatRule, covers, withAncestors, type AccessRule } from './acl/rule.ts';
import { compileCondition, type Condition, type RolesByGroup } from './conditions.ts';
import type { AuthorizationEngine, Decision, Right, Subject } from './engine.ts';

/** What the engine knows of a role. */
export interface RoleFacts {
  readonly name: string;
  readonly description: string;
  readonly builtIn: boolean;
  /** Nobody holds it together with another role. */
  readonly exclusive: boolean;
  /** Its names in access rules, beside its own. */
  readonly groups: readonly string[];
  /** What it may do beyond what access rules grant its groups. */
  readonly permissions: readonly Right[];
}

/** An access rule in force. */
export interface RuleInForce {
  readonly rule: AccessRule;
  /** Who has changed it and when; null: it is as the product has it. */
  readonly changed: { readonly at: string; readonly by: string } | null;
}

/** One thing that decides: an entry of a rule, or a permission of a role. */
interface Ground {
  readonly holds: Condition;
  readonly decision: Decision;
}

/** All that can decide about one right, the first that holds. */
interface Grounds {
  readonly denies: readonly Ground[];
  readonly allows: readonly Ground[];
}

/** Rights that are asked for are those of routes and objects; more than these are forgotten and made again. */
const MAX_COMPILED = 5_000;

const NOTHING: Decision = { allowed: false, by: 'nothing', why: 'nothing grants it' };

/** Rules and roles as they are at one moment: decides, and never changes. */
export class Policy implements AuthorizationEngine {
  readonly rules: readonly RuleInForce[];
  readonly roles: readonly RoleFacts[];
  readonly #byResource: ReadonlyMap<string, AccessRule>;
  readonly #groups: RolesByGroup;
  readonly #exclusive: ReadonlySet<string>;
  readonly #compiled = new Map<string, Map<string, Grounds>>();
  #count = 0;

  constructor(parts: { rules: readonly RuleInForce[]; roles: readonly RoleFacts[] }) {
    this.rules = parts.rules;
    this.roles = parts.roles;
    this.#byResource = new Map(parts.rules.map(({ rule }) => [rule.resource, rule]));
    this.#groups = rolesByGroup(parts.roles);
    this.#exclusive = new Set(
      parts.roles.filter(({ exclusive }) => exclusive).map(({ name }) => name),
    );
  }

  isAllowed(subject: Subject, right: Right): boolean {
    return this.#ground(subject, right).allowed && withinScopes(subject, right);
  }

  decide(subject: Subject, right: Right): Decision {
    const decision = this.#ground(subject, right);
    if (!decision.allowed || withinScopes(subject, right)) return decision;
    return {
      allowed: false,
      by: 'scopes',
      why: `the token's scopes do not cover ${right.resource}:${right.operation}`,
    };
  }

  rightsBelow(subject: Subject, { resource, operation }: Right): Right[] {
    const named = [
      ...this.rules.map(({ rule }) => rule.resource),
      ...this.roles
        .filter(({ name }) => subject.roles.includes(name))
        .flatMap(({ permissions }) => permissions.map((right) => right.resource)),
      ...(subject.scopes ?? []).map((scope) => scope.resource),
    ];
    return [...new Set(named)]
      .filter((below) => below !== resource && covers(resource, below))
      .map((below) => ({ resource: below, operation }))
      .filter((right) => this.isAllowed(subject, right));
  }

  /** The rule of a resource, or null. */
  ruleOf(resource: string): RuleInForce | null {
    return this.rules.find(({ rule }) => rule.resource === resource) ?? null;
  }

  /** The role of a name, or null. */
  roleOf(name: string): RoleFacts | null {
    return this.roles.find((role) => role.name === name) ?? null;
  }

  /** The roles that go by a name in access rules, its own name included. */
  rolesOfGroup(group: string): RoleFacts[] {
    return this.roles.filter(({ name, groups }) => name === group || groups.includes(group));
  }

  /** The exclusive role that stands beside another one, or null when the set may be held by one person. */
  findRoleConflict(roles: readonly string[]): string | null {
    return findConflict(roles, this.#exclusive);
  }

  /** Any deny on the resource or above it, then any allow or permission, then no. */
  #ground(subject: Subject, right: Right): Decision {
    const { denies, allows } = this.#grounds(right);
    for (const ground of denies) if (ground.holds(subject)) return ground.decision;
    for (const ground of allows) if (ground.holds(subject)) return ground.decision;
    return NOTHING;
  }

  #grounds({ resource, operation }: Right): Grounds {
    let operations = this.#compiled.get(resource);
    const known = operations?.get(operation);
    if (known !== undefined) return known;
    if (this.#count >= MAX_COMPILED) {
      this.#compiled.clear();
      this.#count = 0;
      operations = undefined;
    }
    if (operations === undefined) {
      operations = new Map();
      this.#compiled.set(resource, operations);
    }
    const grounds = this.#compile(resource, operation);
    operations.set(operation, grounds);
    this.#count += 1;
    return grounds;
  }

  #compile(resource: string, operation: string): Grounds {
    const denies: Ground[] = [];
    const allows: Ground[] = [];
    for (const node of withAncestors(resource)) {
      for (const entry of this.#byResource.get(node)?.entries ?? []) {
        if (!entry.operations.includes(operation)) continue;
        const allowed = entry.type === 'allow';
        (allowed ? allows : denies).push({
          holds: compileCondition(entry, this.#groups),
          decision: { allowed, by: entry.type, why: `rule ${node}: ${entry.text.trim()}` },
        });
      }
    }
    for (const { name, permissions } of this.roles) {
      const permission = permissions.find(
        (right) => right.operation === operation && covers(right.resource, resource),
      );
      if (permission === undefined) continue;
      allows.push({
        holds: ({ user, roles }) => user !== null && roles.includes(name),
        decision: {
          allowed: true,
          by: 'permission',
          why: `role ${name} has ${permission.resource}:${permission.operation}`,
        },
      });
    }
    return { denies, allows };
  }
}

/** The one of several roles that is exclusive and not alone, or null. */
export function findConflict(
  roles: readonly string[],
  exclusive: ReadonlySet<string>,
): string | null {
  const different = new Set(roles);
  if (different.size < 2) return null;
  return roles.find((role) => exclusive.has(role)) ?? null;
}

/** The rule in force as the line it is kept as. */
export function lineOf({ rule }: RuleInForce): string {
  return formatRule(rule);
}

function withinScopes({ scopes }: Subject, { resource, operation }: Right): boolean {
  return (
    scopes === null ||
    scopes.some((scope) => scope.operation === operation && covers(scope.resource, resource))
  );
}

function rolesByGroup(roles: readonly RoleFacts[]): RolesByGroup {
  const named = new Map<string, Set<string>>();
  for (const { name, groups } of roles) {
    for (const group of [name, ...groups]) {
      const holders = named.get(group);
      if (holders === undefined) named.set(group, new Set([name]));
      else holders.add(name);
    }
  }
  return named;
}

import { isIP } from 'node:net';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import { covers, type AccessEntry } from './acl/rule.ts';
import type { Right } from './engine.ts';
import { formatRight } from './permission-names.ts';
import type { Policy, RoleFacts } from './policy.ts';
import { isReserved, RESERVED_ROOTS, RESOURCES } from './resources.ts';
import type { Role } from './roles.ts';

/** What somebody must always be able to do, or nobody could set anything right again. */
export const ADMINISTRATION: readonly Right[] = [
  { resource: 'certServer.acl.configuration', operation: 'modify' },
  { resource: 'certServer.usrgrp.administration', operation: 'modify' },
];
const AUDITOR: Role = 'Auditor';
/** What makes somebody an auditor. */
const READING: Right = { resource: 'certServer.log.content.signedAudit', operation: 'read' };
const LOGIN: Right = { resource: 'certServer.ca.account', operation: 'login' };
/** From where somebody must be able to administer: the machine itself. */
export const AT_THE_MACHINE: readonly string[] = ['127.0.0.1', '::1'];

/**
 * Those of the rights that nobody would have under a policy: nobody whose account is open, who has a way to prove who
 * he is and a role, may sign in, and asks from one of the addresses. Programs do not count, nor do roles that an
 * identity provider would give at sign-in. Read in the transaction of a change, it is what the change would do.
 */
export async function findLockout(
  policy: Policy,
  db: StateReader,
  addresses: readonly string[] = AT_THE_MACHINE,
  rights: readonly Right[] = ADMINISTRATION,
): Promise<Right[]> {
  const people = await findPeople(db);
  const able = people.flatMap(({ username, alias, roles }) =>
    roles.length > 0 && policy.findRoleConflict(roles) === null
      ? addresses.map((address) => ({ user: username, alias, roles, address, scopes: null }))
      : [],
  );
  const present = able.filter((subject) => policy.isAllowed(subject, LOGIN));
  return rights.filter((right) => !present.some((subject) => policy.isAllowed(subject, right)));
}

/**
 * Under this policy somebody is left to administer, and somebody to watch: whoever administers must not be able to lock
 * himself out, nor to blind the auditors. Throws `last_administrator`, `last_auditor`.
 */
export async function assertStaffed(
  policy: Policy,
  db: StateReader,
  addresses: readonly string[] = AT_THE_MACHINE,
): Promise<void> {
  const lost = await findLockout(policy, db, addresses);
  if (lost.length > 0) {
    throw new ServerError(
      'last_administrator',
      'nobody would be left who may administer users and access rules',
      { members: { rights: lost.map(formatRight) } },
    );
  }
  // Auditors may be bound to networks of their own.
  const somewhere = [...addresses, ...addressesIn(policy)];
  const blind = await findLockout(policy, db, somewhere, [READING]);
  if (blind.length > 0 && !(await isClaimed(policy, db, READING, somewhere)))
    throw new ServerError('last_auditor', 'nobody would be left who may read the log');
}

/** Whether an identity provider gives somebody a role that has the right: who that is, is known at sign-in only. */
async function isClaimed(
  policy: Policy,
  db: StateReader,
  right: Right,
  addresses: readonly string[],
): Promise<boolean> {
  const rows = await db.selectFrom('role_claims').select('role').distinct().execute();
  return rows.some(({ role }) =>
    addresses.some((address) =>
      policy.isAllowed({ user: '', roles: [role], address, scopes: null }, right),
    ),
  );
}

/** An address of each network that a rule names. */
function addressesIn(policy: Policy): string[] {
  const values = policy.rules
    .flatMap(({ rule }) => rule.entries)
    .flatMap(({ terms }) => terms)
    .filter(({ type }) => type === 'ipaddress')
    .map(({ value }) => value.split('/')[0] ?? '');
  return [...new Set(values)].filter((value) => isIP(value) !== 0);
}

/** A grant of something reserved to somebody who is not in a role that audits. */
export interface ReservedGrant {
  /** The rule's resource, or the role's name. */
  readonly in: { readonly kind: 'rule' | 'role'; readonly name: string };
  /** The entry or the permission. */
  readonly text: string;
}

/**
 * What a policy grants on reserved resources to others than roles that audit: entries that could hold for somebody
 * who is in none, and permissions of other roles, on the resources themselves, on those below and on those above.
 */
export function findReservedGrants(policy: Policy): ReservedGrant[] {
  const operations = reservedOperations(policy);
  const grants: ReservedGrant[] = [];
  for (const { rule } of policy.rules) {
    for (const entry of rule.entries) {
      if (entry.type === 'deny' || onlyExclusive(policy, entry)) continue;
      if (entry.operations.some((operation) => touches(operations, rule.resource, operation)))
        grants.push({ in: { kind: 'rule', name: rule.resource }, text: entry.text.trim() });
    }
  }
  for (const role of policy.roles) {
    if (mayAudit(role)) continue;
    const { name, permissions } = role;
    for (const right of permissions) {
      if (touches(operations, right.resource, right.operation))
        grants.push({ in: { kind: 'role', name }, text: formatRight(right) });
    }
  }
  return grants;
}

/** Throws `reserved_right` when a policy grants something reserved to others than roles that audit. */
export function assertReserved(policy: Policy): void {
  const grants = findReservedGrants(policy);
  const [first] = grants;
  if (first === undefined) return;
  const { kind, name } = first.in;
  const told =
    kind === 'rule'
      ? `${name} is kept for roles that audit, and "${first.text}" reaches others`
      : `${first.text} is kept for exclusive roles, and ${name} is none`;
  const more = grants.length === 1 ? '' : ` (and ${grants.length - 1} more)`;
  throw new ServerError('reserved_right', `${told}${more}`, { members: { grants } });
}

async function findPeople(db: StateReader) {
  const rows = await db
    .selectFrom('users')
    .leftJoin('role_assignments', 'role_assignments.user_id', 'users.id')
    .select(['users.id', 'users.username', 'users.alias', 'role_assignments.role'])
    .where('users.disabled', '=', 0)
    .where('users.kind', '=', 'person')
    .where((e) =>
      e.or([
        e('users.password', '!=', ''),
        e('users.provider', 'is not', null),
        e.exists(
          e
            .selectFrom('client_certificates')
            .select('client_certificates.fingerprint')
            .whereRef('client_certificates.user_id', '=', 'users.id'),
        ),
      ]),
    )
    .execute();
  const people = new Map<string, { username: string; alias: string | null; roles: string[] }>();
  for (const { id, username, alias, role } of rows) {
    const person = people.get(id) ?? { username, alias, roles: [] };
    if (role !== null) person.roles.push(role);
    people.set(id, person);
  }
  return [...people.values()];
}

/** The operations that reserved resources have, by the product or by a rule of this policy; by what they lie below. */
function reservedOperations(policy: Policy): ReadonlyMap<string, ReadonlySet<string>> {
  const resources = [...RESOURCES, ...policy.rules.map(({ rule }) => rule)];
  return new Map(
    RESERVED_ROOTS.map((root) => [
      root,
      new Set(
        resources
          .filter(({ resource }) => covers(root, resource))
          .flatMap(({ operations }) => operations),
      ),
    ]),
  );
}

/** Whether a right reaches something reserved: it is on it or below, or above it with one of its operations. */
function touches(
  operations: ReadonlyMap<string, ReadonlySet<string>>,
  resource: string,
  operation: string,
): boolean {
  if (isReserved(resource)) return true;
  return [...operations].some(([root, known]) => covers(resource, root) && known.has(operation));
}

/** Whether an entry can hold for nobody but holders of roles that audit. Terms are taken as the engine takes them. */
function onlyExclusive(policy: Policy, { terms, joins }: AccessEntry): boolean {
  const bound = terms.map(({ type, operator, value }) => {
    const roles = policy.rolesOfGroup(value);
    const named = type === 'group' && operator === '=';
    return named && roles.length > 0 && roles.every(mayAudit);
  });
  return bound.reduce((left, right, i) => (joins[i - 1] === '||' ? left && right : left || right));
}

/** A role that audits is held alone; of the product's own, Auditor is the one. */
function mayAudit({ name, builtIn, exclusive }: RoleFacts): boolean {
  return exclusive && (!builtIn || name === AUDITOR);
}

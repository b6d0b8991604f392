import { parseAddress, parseNetworks } from './acl/networks.ts';
import { EVERYBODY } from './acl/parse.ts';
import type { AccessEntry, Term } from './acl/rule.ts';
import type { Subject } from './engine.ts';

/** Whether an entry is about a subject. */
export type Condition = (subject: Subject) => boolean;

/** The roles that go by a name in access rules. */
export type RolesByGroup = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The condition of an entry. Terms are taken strictly from left to right: `a || b && c` is `(a || b) && c`, as
 * with Dogtag. A term about a fact that is not known is false, with `!=`, too.
 */
export function compileCondition(
  { terms, joins }: Pick<AccessEntry, 'terms' | 'joins'>,
  groups: RolesByGroup,
): Condition {
  const [first = NEVER, ...rest] = terms.map((term) => compileTerm(term, groups));
  return rest.reduce<Condition>(
    (left, right, i) =>
      joins[i] === '||'
        ? (subject) => left(subject) || right(subject)
        : (subject) => left(subject) && right(subject),
    first,
  );
}

const NEVER: Condition = () => false;
const NO_ROLES: ReadonlySet<string> = new Set();

function compileTerm({ type, operator, value }: Term, groups: RolesByGroup): Condition {
  const equal = operator === '=';
  switch (type) {
    case 'group': {
      const named = groups.get(value) ?? NO_ROLES;
      return ({ user, roles }) => user !== null && roles.some((role) => named.has(role)) === equal;
    }
    case 'user': {
      if (EVERYBODY.includes(value)) return ({ user }) => user !== null;
      const name = value.toLowerCase();
      return ({ user, alias }) =>
        user !== null && (user.toLowerCase() === name || alias?.toLowerCase() === name) === equal;
    }
    case 'ipaddress': {
      const networks = parseNetworks(value);
      return ({ address }) => {
        const known = parseAddress(address);
        return known !== null && networks.contains(known) === equal;
      };
    }
    case 'user_origreq':
      return ({ user, requestOwner }) =>
        user !== null &&
        typeof requestOwner === 'string' &&
        (user.toLowerCase() === requestOwner.toLowerCase()) === equal;
  }
}

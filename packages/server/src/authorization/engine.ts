import type { Grant } from './policy.ts';

/** What a route or page asks for. */
export interface Right {
  readonly resource: string;
  readonly operation: string;
}

/** Who asks. */
export interface Subject {
  /** The user name; null for nobody. */
  readonly user: string | null;
  readonly roles: readonly string[];
  /** The IP address the request comes from. */
  readonly address: string;
  /** Rights of an API token: nothing beyond them is allowed; null: no such bound. */
  readonly scopes: readonly Right[] | null;
}

/** The one place that says yes or no. */
export interface AuthorizationEngine {
  /** Whether the subject has the right on the resource or on one above it. */
  isAllowed(subject: Subject, right: Right): boolean;
}

/** The subject of a session, asking from an address. */
export function subjectOf(
  session: {
    readonly user: { readonly username: string; readonly roles: readonly string[] };
    readonly scopes: readonly Right[] | null;
  },
  address: string,
): Subject {
  const { username, roles } = session.user;
  return { user: username, roles, address, scopes: session.scopes };
}

/** Builds the engine over a list of grants; what no grant covers is refused. */
export function createEngine(policy: readonly Grant[]): AuthorizationEngine {
  const granted = new Set<string>();
  for (const { resource, operations, roles } of policy) {
    for (const operation of operations) {
      for (const role of roles) granted.add(key(role, operation, resource));
    }
  }
  return {
    isAllowed({ roles, scopes }, { resource, operation }) {
      const within = scopes?.some((s) => s.operation === operation && covers(s.resource, resource));
      if (within === false) return false;
      // Most specific first: the resource itself, then each dotted ancestor.
      for (
        let node = resource;
        node !== '';
        node = node.slice(0, Math.max(0, node.lastIndexOf('.')))
      ) {
        if (roles.some((role) => granted.has(key(role, operation, node)))) return true;
      }
      return false;
    },
  };
}

function key(role: string, operation: string, resource: string): string {
  return `${role}\n${operation}\n${resource}`;
}

function covers(node: string, resource: string): boolean {
  return resource === node || resource.startsWith(`${node}.`);
}

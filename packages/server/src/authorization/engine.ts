/** What a route or page asks for. */
export interface Right {
  readonly resource: string;
  readonly operation: string;
}

/** Who asks. */
export interface Subject {
  /** The user name; null for nobody. */
  readonly user: string | null;
  /** Another name of the user's that access rules may call him by. */
  readonly alias?: string | null;
  readonly roles: readonly string[];
  /** The IP address the request comes from. */
  readonly address: string;
  /** Rights of an API token: nothing beyond them is allowed; null: no such bound. */
  readonly scopes: readonly Right[] | null;
  /** The user name of who made the earlier request that this one is about, where there is one. */
  readonly requestOwner?: string | null;
}

/** An answer of the engine's. */
export interface Decision {
  readonly allowed: boolean;
  /** What decided. */
  readonly by: 'deny' | 'allow' | 'permission' | 'scopes' | 'nothing';
  /** For people: the rule or the permission that decided, or that there is none. */
  readonly why: string;
}

/** The one place that says yes or no. */
export interface AuthorizationEngine {
  /** Whether the subject has the right on the resource or on one above it. */
  isAllowed(subject: Subject, right: Right): boolean;
  /** The same, and what decided it. */
  decide(subject: Subject, right: Right): Decision;
  /** The rights to the same on single resources below that the subject has, by resource. */
  rightsBelow(subject: Subject, right: Right): Right[];
}

/** The subject of a session, asking from an address. */
export function subjectOf(
  session: {
    readonly user: {
      readonly username: string;
      readonly alias?: string | null;
      readonly roles: readonly string[];
    };
    readonly scopes: readonly Right[] | null;
  },
  address: string,
): Subject {
  const { username, alias = null, roles } = session.user;
  return { user: username, alias, roles, address, scopes: session.scopes };
}

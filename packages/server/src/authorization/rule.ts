import type { AuthorizationEngine, Right, Subject } from './engine.ts';

/**
 * What a route or page says about who may use it. There is no default: a route without a rule is not reachable.
 *
 * - `right`: a signed-in user needs it; every check is an AUTHZ record. `byObject`: the right alone does not decide;
 *   the handler says which object it is about (`c.get('grant')`), and then the record is written. `below`: the right
 *   on something below the resource is enough, and the handler keeps the request to that. `otherwise`: another right
 *   that is enough.
 * - `open`: anybody; the reason says why nothing is checked.
 * - `producer`: the bearer token of the producer named in the path.
 */
export type Rule =
  | RightRule
  | { readonly kind: 'open'; readonly reason: string }
  | { readonly kind: 'producer'; readonly right: Right };

/** A rule that asks for a right. */
export interface RightRule {
  readonly kind: 'right';
  readonly right: Right;
  readonly byObject?: boolean;
  readonly below?: boolean;
  readonly otherwise?: Right;
}

/** The right by which a rule lets somebody through, or null. */
export function heldRight(
  engine: AuthorizationEngine,
  subject: Subject,
  { right, below = false, otherwise }: RightRule,
): Right | null {
  if (engine.isAllowed(subject, right)) return right;
  const [part] = below ? engine.rightsBelow(subject, right) : [];
  if (part !== undefined) return part;
  return otherwise !== undefined && engine.isAllowed(subject, otherwise) ? otherwise : null;
}

/** A rule that asks for a right. */
export function needs(resource: string, operation: string): Rule {
  return { kind: 'right', right: { resource, operation } };
}

/** A rule that asks for a right, and for the handler's word on the object it is used on. */
export function needsFor(resource: string, operation: string): Rule {
  return { kind: 'right', right: { resource, operation }, byObject: true };
}

/** A rule that lets everybody in, and says why that is right. */
export function open(reason: string): Rule {
  return { kind: 'open', reason };
}

/** The right to read the log. */
export const READ_LOG = needs('certServer.log.content.signedAudit', 'read');
/** The right to take the log's content out of the house. */
export const EXPORT_LOG = needs('certServer.log.content.signedAudit', 'export');
/** The right to have the whole log verified. */
export const VERIFY_LOG = needs('certServer.log.content.signedAudit', 'verify');
/** The right to see how the log is doing. */
export const READ_STATUS = needs('certServer.log.status', 'read');
/** The right to see what is recorded, and how. */
export const READ_CATALOGUE = needs('certServer.log.configuration', 'read');
/** The right to choose what is recorded, and how it is written. */
export const CONFIGURE_AUDIT = needs('certServer.log.configuration', 'modify');

import { covers } from './acl/rule.ts';
import { DOCUMENTED_RULES } from './default-rules.ts';
import type { Right } from './engine.ts';

/** Something that rights are about. */
export interface Resource {
  readonly resource: string;
  /** What it belongs to, for people. */
  readonly area: string;
  /** What it is, for people. */
  readonly description: string;
  /** Only roles that audit, and are held alone, may be granted anything on it. */
  readonly reserved: boolean;
  readonly operations: readonly string[];
}

/** What lies at these and below is reserved: whoever watches, and says how long, must not be who acts. */
export const RESERVED_ROOTS: readonly string[] = [
  'certServer.log.content.signedAudit',
  'certServer.log.retention',
];

/** All resources of the product, in the order in which they are shown. */
export const RESOURCES: readonly Resource[] = DOCUMENTED_RULES.map(({ rule, area }) => ({
  resource: rule.resource,
  area,
  description: rule.description,
  reserved: isReserved(rule.resource),
  operations: rule.operations,
}));

/** Whether a resource is kept for roles that audit. */
export function isReserved(resource: string): boolean {
  return RESERVED_ROOTS.some((root) => covers(root, resource));
}

/**
 * Whether a right is one the product knows: its operation is that of the resource, of one below it (the right
 * covers that one), or of one above it (a single object).
 */
export function isKnownRight({ resource, operation }: Right): boolean {
  return RESOURCES.some(
    (known) =>
      known.operations.includes(operation) &&
      (covers(resource, known.resource) || covers(known.resource, resource)),
  );
}

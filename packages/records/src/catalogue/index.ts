import type { Attribute, Level, Outcome, RetentionClass } from '../record.ts';
import { AUDIT_LOG_EVENTS } from './audit-log.ts';
import { AUTHENTICATION } from './authentication.ts';
import { AUTHORIZATION } from './authorization.ts';
import type { CategoryName } from './categories.ts';
import { CERTIFICATE_MANAGEMENT } from './certificate-management.ts';
import { CERTIFICATES } from './certificates.ts';
import { CMC_EVENTS } from './cmc.ts';
import { COLLECTIONS } from './collections.ts';
import { CONFIGURATION } from './configuration.ts';
import { CRLS } from './crl.ts';
import { byOutcome } from './definition.ts';
import type { EventDefinition } from './definition.ts';
import { KEYS_EVENTS } from './keys.ts';
import { KEY_RECOVERY } from './kra.ts';
import { OCSP_EVENTS } from './ocsp.ts';
import { SECURITY } from './security.ts';
import { SELF_TESTS } from './self-tests.ts';
import { SESSIONS } from './sessions.ts';
import { STORES } from './stores.ts';
import { TKS } from './tks.ts';
import { TPS } from './tps.ts';
import type { OperationName } from './operations.ts';

export * from './categories.ts';
export * from './definition.ts';
export * from './keyfactor-actions.ts';
export * from './levels.ts';
export * from './operations.ts';

/** Every event the product knows. */
export const EVENTS: readonly EventDefinition[] = [
  ...SESSIONS,
  ...AUTHENTICATION,
  ...AUTHORIZATION,
  ...AUDIT_LOG_EVENTS,
  ...CONFIGURATION,
  ...SECURITY,
  ...SELF_TESTS,
  ...CERTIFICATES,
  ...CERTIFICATE_MANAGEMENT,
  ...STORES,
  ...COLLECTIONS,
  ...CMC_EVENTS,
  ...CRLS,
  ...OCSP_EVENTS,
  ...KEYS_EVENTS,
  ...KEY_RECOVERY,
  ...TKS,
  ...TPS,
];

const BY_NAME: ReadonlyMap<string, EventDefinition> = new Map(EVENTS.map((e) => [e.name, e]));

export function eventDefinition(name: string): EventDefinition | undefined {
  return BY_NAME.get(name);
}

/** What the catalogue says of an event with an outcome. */
export interface Classification {
  readonly category: CategoryName;
  readonly operation: OperationName;
  readonly level: Level;
  readonly retention: RetentionClass;
}

/**
 * The envelope's values for an event, or undefined when it is not catalogued. A few events are
 * another operation with another value of one attribute: releasing from hold is not revoking.
 */
export function classify(
  event: string,
  outcome: Outcome,
  attributes: readonly Attribute[] = [],
): Classification | undefined {
  const definition = BY_NAME.get(event);
  if (definition === undefined) return undefined;
  return {
    category: byOutcome(definition.category, outcome),
    operation: operationOf(definition, outcome, attributes),
    level: byOutcome(definition.level, outcome),
    retention: definition.retention,
  };
}

function operationOf(
  { operation, operationBy }: EventDefinition,
  outcome: Outcome,
  attributes: readonly Attribute[],
): OperationName {
  if (operationBy !== undefined) {
    const value = attributes.find(([name]) => name === operationBy.attribute)?.[1] ?? '';
    const special = Object.hasOwn(operationBy.values, value) && operationBy.values[value];
    if (special) return special;
  }
  return byOutcome(operation, outcome);
}

import type { Level, Outcome, RetentionClass } from '../record.ts';
import type { CategoryName } from './categories.ts';
import { byOutcome } from './definition.ts';
import type { EventDefinition } from './definition.ts';
import type { OperationName } from './operations.ts';

export * from './categories.ts';
export * from './definition.ts';
export * from './levels.ts';
export * from './operations.ts';

/** Every event the product knows. */
export const EVENTS: readonly EventDefinition[] = [];

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

/** The envelope's values for an event, or undefined when it is not catalogued. */
export function classify(event: string, outcome: Outcome): Classification | undefined {
  const definition = BY_NAME.get(event);
  if (definition === undefined) return undefined;
  return {
    category: byOutcome(definition.category, outcome),
    operation: byOutcome(definition.operation, outcome),
    level: byOutcome(definition.level, outcome),
    retention: definition.retention,
  };
}

/**
 * Events of the key recovery authority, the token key service and the token system: many, alike, and
 * known here so that what is imported from them has a place. One row is one event.
 */
import { dogtag, line } from './define.ts';
import type { CategoryName } from './categories.ts';
import type { EventDefinition, EventGroup } from './definition.ts';
import type { OperationName } from './operations.ts';

export interface Family {
  readonly group: EventGroup;
  readonly category: CategoryName;
  readonly extended?: boolean;
}

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly operation: OperationName;
  readonly attributes: string;
  /** Left out where the event has one form. */
  readonly variants?: readonly string[];
  readonly attempt?: boolean;
  readonly success: string;
  readonly failure: string;
  /** Attributes of an example of success, and its sentence. */
  readonly example: readonly [Readonly<Record<string, string>>, string];
}

export function family(common: Family, rows: readonly Row[]): EventDefinition[] {
  return rows.map(({ success, failure, example, ...row }) =>
    dogtag({
      ...common,
      ...row,
      description: `${row.title}, or the attempt.`,
      sentence: { Success: success, Failure: failure },
      examples: [line('Success', example[0], example[1])],
    }),
  );
}

/** Both outcomes with the same attributes, as Dogtag declares them. */
export function both(attributes: string): readonly string[] {
  return [`Failure: ${attributes}`, `Success: ${attributes}`];
}

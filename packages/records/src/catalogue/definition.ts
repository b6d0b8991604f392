import type { Content, Level, Outcome, RetentionClass } from '../record.ts';
import type { CategoryName } from './categories.ts';
import type { OperationName } from './operations.ts';

/** One value, or one for each outcome. */
export type ByOutcome<T extends string> = T | { readonly Success: T; readonly Failure: T };

/** The value that holds for an outcome. */
export function byOutcome<T extends string>(value: ByOutcome<T>, outcome: Outcome): T {
  return typeof value === 'string' ? value : value[outcome];
}

/** Areas of the catalogue, in the order people meet them. */
export const EVENT_GROUPS = [
  'Sessions',
  'Authentication',
  'Authorization',
  'Accounts',
  'Audit log',
  'Configuration',
  'Self-tests',
  'Certificates',
  'Certificate stores',
  'CMC enrollment',
  'CRLs',
  'OCSP',
  'Keys',
  'Key recovery',
  'Smart-card keys',
  'Smart cards',
] as const;
export type EventGroup = (typeof EVENT_GROUPS)[number];

/** The attributes of one form of an event, in order; `optional` ones may be missing. */
export interface AttributeVariant {
  readonly outcome: Outcome | 'any';
  readonly attributes: readonly string[];
  readonly optional?: readonly string[];
}

/** A record's worth of an event, for tests and documents. */
export interface EventExample {
  readonly outcome: Outcome;
  readonly content: Partial<Content>;
  /** What {@link sentence} says of it. */
  readonly sentence: string;
}

export interface EventDefinition {
  readonly name: string;
  /** A few words, for lists. */
  readonly title: string;
  readonly description: string;
  readonly group: EventGroup;
  /** Whose event it is: Dogtag's by name and attributes, or our own. */
  readonly origin: 'dogtag' | 'countersign';
  readonly category: ByOutcome<CategoryName>;
  readonly operation: ByOutcome<OperationName>;
  /** Values of an attribute that make it another operation. */
  readonly operationBy?: {
    readonly attribute: string;
    readonly values: Readonly<Record<string, OperationName>>;
  };
  readonly level: ByOutcome<Level>;
  /** Every attribute the event can have, in order. */
  readonly attributes: readonly string[];
  readonly variants: readonly AttributeVariant[];
  readonly retention: RetentionClass;
  /** Whether an administrator may switch the event off. */
  readonly selectable: boolean;
  /** Template of the sentence shown to people; see sentence.ts for its language. */
  readonly sentence: ByOutcome<string>;
  readonly examples: readonly EventExample[];
}

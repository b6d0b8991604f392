/** What the index answers. */
import type { ResolvedQuery } from '@countersign/records';

export type Order = 'asc' | 'desc';

export interface SearchRequest {
  readonly query: ResolvedQuery;
  /** By place in the log. */
  readonly order: Order;
  readonly limit: number;
  /** From an earlier page of the same query and order. */
  readonly cursor?: string;
  /** Milliseconds after which the answer is what was found so far. Default 2000. */
  readonly budgetMs?: number;
}

export interface SearchPage {
  readonly indexes: readonly number[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
  /** The time was up before the page was full: `next` goes on from there. */
  readonly partial: boolean;
}

export interface CountRequest {
  readonly query: ResolvedQuery;
  /** Default 40. */
  readonly budgetMs?: number;
}

export interface Count {
  readonly count: number;
  /** False: there are at least so many. */
  readonly exact: boolean;
}

export interface FacetRequest extends CountRequest {
  /** Query fields to count the values of; see FACET_FIELDS. */
  readonly fields: readonly string[];
  /** Values per field, the most frequent ones. Default 20. */
  readonly limit?: number;
}

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export interface Facet {
  readonly field: string;
  readonly values: readonly FacetValue[];
  /** False: counts are estimates from an even sample of the log. */
  readonly exact: boolean;
}

export interface HistogramRequest extends CountRequest {
  /** RFC 3339; by default the times there are. */
  readonly from?: string;
  readonly to?: string;
  /** At most so many bars. Default 60. */
  readonly buckets?: number;
}

export interface HistogramBucket {
  readonly time: string;
  readonly Information: number;
  readonly Warning: number;
  readonly Failure: number;
}

export interface Histogram {
  readonly from: string;
  readonly to: string;
  readonly bucketMs: number;
  /** False: counts are estimates from an even sample of the log. */
  readonly exact: boolean;
  readonly buckets: readonly HistogramBucket[];
}

export type Relation = 'target' | 'object' | 'correlation' | 'session';

/** Another record that belongs to one: same target, an object they share, one undertaking, one session. */
export interface RelatedRecord {
  readonly index: number;
  readonly relations: readonly Relation[];
}

/** Fields whose values `facets` can count. */
export const FACET_FIELDS = [
  'Category',
  'Operation',
  'Level',
  'Outcome',
  'Event',
  'Producer',
  'ActingUser',
  'ActorKind',
  'Role',
  'AuthMethod',
  'Address',
  'Interface',
  'TargetType',
  'Resource',
  'Op',
  'Property',
  'System',
  'Host',
  'Component',
  'RequestType',
  'Verb',
  'Retention',
  'Imported',
  'Signature',
] as const;

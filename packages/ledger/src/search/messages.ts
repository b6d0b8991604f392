/** What the threads of the index say to one another. */
import type { LedgerErrorCode } from '../errors.ts';
import type { SourceModule } from './source.ts';
import type {
  Count,
  CountRequest,
  Facet,
  FacetRequest,
  Histogram,
  HistogramRequest,
  RelatedRecord,
  SearchPage,
  SearchRequest,
} from './types.ts';

export interface ThreadData {
  readonly path: string;
  readonly source: SourceModule;
  /** Delete what is there and begin at nothing. */
  readonly anew: boolean;
}

/** An error as it crosses threads. `damage`: the file is broken. */
export interface Fault {
  readonly code: LedgerErrorCode;
  readonly message: string;
  readonly index?: number;
  readonly damage: boolean;
}

export type ToIndexer =
  | { readonly kind: 'catchUp'; readonly size: number }
  | { readonly kind: 'forget'; readonly index: number }
  | { readonly kind: 'close' };

export type FromIndexer =
  | { readonly kind: 'ready'; readonly size: number; readonly notice?: string }
  | { readonly kind: 'indexed'; readonly size: number }
  | { readonly kind: 'forgotten'; readonly index: number }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Requests to the searching thread, by method. */
export interface Methods {
  search: { request: SearchRequest; answer: SearchPage };
  count: { request: CountRequest; answer: Count };
  facets: { request: FacetRequest; answer: Facet[] };
  histogram: { request: HistogramRequest; answer: Histogram };
  related: {
    request: { readonly index: number; readonly limit?: number };
    answer: RelatedRecord[];
  };
}
export type Method = keyof Methods;

export type ToSearcher =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly method: Method;
      readonly request: Methods[Method]['request'];
    }
  | { readonly kind: 'close' };

export type FromSearcher =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Methods[Method]['answer'] }
  | { readonly kind: 'refused'; readonly id: number; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly fault: Fault };

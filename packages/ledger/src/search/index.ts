/** The search index: derived from the log, deleted and made again without loss. */
export { openIndex, rebuildIndex } from './open-index.ts';
export type { LogIndex, OpenIndexOptions, RebuildIndexOptions } from './open-index.ts';
export { FACET_FIELDS } from './types.ts';
export type {
  Count,
  CountRequest,
  Facet,
  FacetRequest,
  FacetValue,
  Histogram,
  HistogramBucket,
  HistogramRequest,
  Order,
  RelatedRecord,
  Relation,
  SearchPage,
  SearchRequest,
} from './types.ts';
export { checkIndex } from './check-index.ts';
export type { CheckIndexOptions, IndexProblem, IndexReport } from './check-index.ts';

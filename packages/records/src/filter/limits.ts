/** Characters of a filter, in UTF-16 code units. */
export const MAX_FILTER_LENGTH = 4_096;

/** Filters inside one another, the outermost being 1. */
export const MAX_FILTER_DEPTH = 16;

/** What a filter says, after its spelling. Values are plain text: escapes are resolved. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | {
      readonly kind: 'equal' | 'greaterOrEqual' | 'lessOrEqual';
      readonly attribute: string;
      readonly value: string;
    }
  | {
      readonly kind: 'substrings';
      readonly attribute: string;
      /** What the value starts with; empty: anything. */
      readonly initial: string;
      /** What it holds in between, in this order. */
      readonly any: readonly string[];
      /** What it ends with; empty: anything. */
      readonly final: string;
    };

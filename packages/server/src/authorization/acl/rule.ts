/** What a term looks at, by Dogtag's names for its evaluators. */
export const EVALUATORS = ['group', 'user', 'ipaddress', 'user_origreq'] as const;
export type Evaluator = (typeof EVALUATORS)[number];

/** One comparison: `group="Auditors"`. */
export interface Term {
  readonly type: Evaluator;
  readonly operator: '=' | '!=';
  /** Without its quotes. */
  readonly value: string;
}

/** One entry of a rule: `allow (read) group="Auditors"`. */
export interface AccessEntry {
  readonly type: 'allow' | 'deny';
  /** Each is one that the rule lists. */
  readonly operations: readonly string[];
  /** As it was written, without blanks around it. */
  readonly expression: string;
  readonly terms: readonly Term[];
  /** What stands between the terms, one fewer than they are; strictly left to right, neither binds more. */
  readonly joins: readonly ('||' | '&&')[];
  /** The whole entry as it was written, blanks included. */
  readonly text: string;
}

/** An access rule: who may and who may not do what with a resource and with what lies below it. */
export interface AccessRule {
  readonly resource: string;
  readonly operations: readonly string[];
  readonly entries: readonly AccessEntry[];
  /** For people; holds no colon. */
  readonly description: string;
}

/** What stands before a rule in an LDIF file. */
export const LINE_PREFIX = 'resourceACLS: ';

/** The rule as a line of Dogtag's `resourceACLS`, each entry spelled as it was read. */
export function formatRule({ resource, operations, entries, description }: AccessRule): string {
  const body = entries.map(({ text }) => text).join(';');
  return `${resource}:${operations.join(',')}:${body}:${description}`;
}

/** An entry in the usual spelling, to be put into a rule. */
export function formatEntry(entry: Pick<AccessEntry, 'type' | 'operations' | 'terms' | 'joins'>) {
  const { type, operations, terms, joins } = entry;
  const expression = terms
    .map((term, i) => `${i === 0 ? '' : ` ${joins[i - 1]} `}${formatTerm(term)}`)
    .join('');
  return `${type} (${operations.join(',')}) ${expression}`;
}

function formatTerm({ type, operator, value }: Term): string {
  return `${type}${operator}"${value}"`;
}

/** The resource and each one above it: `a.b.c`, `a.b`, `a`. */
export function withAncestors(resource: string): string[] {
  const nodes = [resource];
  for (let dot = resource.lastIndexOf('.'); dot > 0; dot = resource.lastIndexOf('.', dot - 1))
    nodes.push(resource.slice(0, dot));
  return nodes;
}

/** Whether a right on the first resource covers the second: it is the same, or one above it. */
export function covers(above: string, resource: string): boolean {
  return resource === above || resource.startsWith(`${above}.`);
}

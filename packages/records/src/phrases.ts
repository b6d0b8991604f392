/** Words for the codes in Dogtag's attributes. */

/** RFC 5280 section 5.3.1; 7 is not used. */
const REVOKE_REASONS: ReadonlyMap<string, string> = new Map([
  ['0', 'no reason given'],
  ['1', 'key compromise'],
  ['2', 'CA compromise'],
  ['3', 'affiliation changed'],
  ['4', 'superseded'],
  ['5', 'cessation of operation'],
  ['6', 'certificate hold'],
  ['8', 'removed from CRL'],
  ['9', 'privilege withdrawn'],
  ['10', 'AA compromise'],
]);

/** The words of a reason code, or undefined. */
export function revokeReason(code: string | undefined): string | undefined {
  return code === undefined ? undefined : REVOKE_REASONS.get(code);
}

/** What a request of that type does to a certificate. */
export function statusChange(type: string | undefined): { infinitive: string; past: string } {
  if (type === 'on-hold') return { infinitive: 'suspend', past: 'suspended' };
  if (type === 'off-hold') return { infinitive: 'release', past: 'released' };
  if (type === undefined || type === 'revoke') return { infinitive: 'revoke', past: 'revoked' };
  return { infinitive: 'change the status of', past: 'changed the status of' };
}

const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['OP_ADD', 'add'],
  ['OP_MODIFY', 'modify'],
  ['OP_DELETE', 'delete'],
  ['OP_READ', 'read'],
]);

/**
 * What `Scope;;users+Operation;;OP_ADD+Resource;;jdoe+…` says: `add 'jdoe' in users`. A list that
 * names no operation is told by its first values: `enable Enabled, logSigning true and 1 more`.
 * Undefined when it holds nothing.
 */
export function changeOf(pairs: string | undefined): string | undefined {
  if (pairs === undefined) return undefined;
  const values = pairs
    .slice(0, MAX_PAIRS_CHARS)
    .split(/\+(?=[^+;]+;;)/)
    .map((pair) => pair.split(';;', 2))
    .filter(([name, value]) => name !== '' && value !== undefined && value !== '<null>');
  const value = (name: string): string | undefined => values.find((v) => v[0] === name)?.[1];
  const operation = value('Operation');
  if (operation === undefined) return firstOf(values);
  const resource = value('Resource');
  const scope = value('Scope');
  const thing = resource === undefined ? '' : ` '${resource}'`;
  const place = scope === undefined ? '' : ` in ${scope}`;
  return `${OPERATIONS.get(operation) ?? operation}${thing}${place}`;
}

const MAX_PAIRS_CHARS = 4096;
const SHOWN_PAIRS = 2;

function firstOf(values: readonly string[][]): string | undefined {
  if (values.length === 0) return undefined;
  const shown = values.slice(0, SHOWN_PAIRS).map((pair) => pair.join(' '));
  const more = values.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`.replace(/^\+/, '');
}

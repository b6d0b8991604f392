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
 * What `Scope;;users+Operation;;OP_ADD+Resource;;jdoe+…` says: `add 'jdoe' in users`. Undefined
 * when the list does not begin as Dogtag's do.
 */
export function changeOf(pairs: string | undefined): string | undefined {
  if (pairs === undefined) return undefined;
  const value = (name: string): string | undefined =>
    new RegExp(`(?:^|\\+)${name};;([^+]*)`).exec(pairs)?.[1];
  const operation = value('Operation');
  const resource = value('Resource');
  const scope = value('Scope');
  if (operation === undefined) return undefined;
  const verb = OPERATIONS.get(operation) ?? operation;
  const thing = resource === undefined || resource === '<null>' ? '' : ` '${resource}'`;
  return `${verb}${thing}${scope === undefined ? '' : ` in ${scope}`}`;
}

import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { formatEntry, type AccessEntry, type AccessRule, type Term } from './rule.ts';

const file = new URL('../../../../../testdata/dogtag/resource-acls.txt', import.meta.url);

/** Dogtag's own rules as its five subsystems have them, `[subsystem, line]`. */
export const DOGTAG_LINES: readonly (readonly [string, string])[] = readLines();

function readLines(): [string, string][] {
  let subsystem = '';
  const lines: [string, string][] = [];
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    if (line.startsWith('# ')) subsystem = line.slice(2);
    else lines.push([subsystem, line]);
  }
  return lines;
}

const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,9}$/);
const name = fc.stringMatching(/^[^"\p{C}\u2028\u2029]{1,20}$/u);

/** Any term. */
export const anyTerm: fc.Arbitrary<Term> = fc
  .oneof(
    fc.record({ type: fc.constant('group' as const), value: name }),
    fc.record({ type: fc.constant('user' as const), value: name }),
    fc.record({
      type: fc.constant('ipaddress' as const),
      value: fc.constantFrom(
        '.*',
        '10.1.0.0/16',
        '::1',
        '2001:db8::/32',
        '10\\.1\\..*',
        '127.0.0.1',
      ),
    }),
    fc.constant({ type: 'user_origreq' as const, value: 'auth_token.uid' }),
  )
  .chain((term) =>
    fc.constantFrom('=' as const, '!=' as const).map((operator) => ({ ...term, operator })),
  );

/** Any entry of a rule that lists these operations, in the usual spelling. */
export function anyEntry(
  operations: readonly string[],
  terms: fc.Arbitrary<Term> = anyTerm,
  types: readonly AccessEntry['type'][] = ['allow', 'deny'],
): fc.Arbitrary<AccessEntry> {
  return fc
    .record({
      type: fc.constantFrom(...types),
      operations: fc.subarray([...operations], { minLength: 1 }),
      terms: fc.array(terms, { minLength: 1, maxLength: 4 }),
      joins: fc.array(fc.constantFrom('||' as const, '&&' as const), {
        minLength: 3,
        maxLength: 3,
      }),
    })
    .map((entry) => {
      const joins = entry.joins.slice(0, entry.terms.length - 1);
      const text = formatEntry({ ...entry, joins });
      return { ...entry, joins, text, expression: text.slice(text.indexOf(') ') + 2) };
    });
}

/** Any rule, in the usual spelling. */
export const anyRule: fc.Arbitrary<AccessRule> = fc
  .record({
    resource: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.')),
    operations: fc.uniqueArray(word, { minLength: 1, maxLength: 4 }),
    description: fc.stringMatching(/^[^:\p{C}\u2028\u2029]{0,30}$/u),
  })
  .chain((rule) =>
    fc
      .array(anyEntry(rule.operations), { minLength: 1, maxLength: 4 })
      .map((entries) => ({ ...rule, entries })),
  );

/** The parts of a rule's line, each as a person compares it. */
export interface RuleParts {
  readonly resource: string;
  readonly operations: string;
  readonly entries: readonly string[];
  readonly description: string;
}

/**
 * Takes a line of `resourceACLS` apart: `resource:operations:entry;entry:description`. For showing alone: the server
 * says whether a line is a rule.
 */
export function partsOf(line: string): RuleParts {
  const bare = line.replace(/^resourceACLS:\s*/, '').trim();
  const [resource = '', operations = '', ...rest] = splitOutside(bare, ':');
  // An IPv6 address may stand without quotes: only what follows the last colon is the description.
  const description = rest.length > 1 ? (rest.at(-1) ?? '') : '';
  const entries = (rest.length > 1 ? rest.slice(0, -1) : rest).join(':');
  return {
    resource: resource.trim(),
    operations: operations.trim(),
    entries: splitOutside(entries, ';')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
    description: description.trim(),
  };
}

/** The line as lines to compare: its operations, each entry, its description. */
export function linesOfRule(line: string): string[] {
  const { operations, entries, description } = partsOf(line);
  return [`operations: ${operations}`, ...entries, `description: ${description}`];
}

/** Splits at a sign, but not between quotes. */
function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (const one of text) {
    if (one === '"') quoted = !quoted;
    if (one === sign && !quoted) {
      parts.push(part);
      part = '';
    } else part += one;
  }
  return [...parts, part];
}

const TERM =
  /\s*(group|user|ipaddress|user_origreq)\s*(!?=)\s*(?:"([^"]*)"|([^\s|&"]+(?: [^\s|&"]+)*))\s*(\|\||&&)?/y;

interface Term {
  readonly type: string;
  readonly equal: boolean;
  readonly value: string;
  /** What follows it. */
  readonly join: string | undefined;
}

/** The terms of an expression; null when it is none we know. */
function termsOf(expression: string): Term[] | null {
  const terms: Term[] = [];
  let at = 0;
  do {
    TERM.lastIndex = at;
    const found = TERM.exec(expression);
    if (found === null) return null;
    const [whole, type = '', operator, quoted, bare, join] = found;
    terms.push({ type, equal: operator === '=', value: (quoted ?? bare ?? '').trim(), join });
    at += whole.length;
  } while (terms.at(-1)?.join !== undefined);
  return expression.slice(at).trim() === '' ? terms : null;
}

/** An expression in words: `group="A" || group="B"` → "groups A or B"; null when it is none we know. */
export function expressionWords(expression: string): string | null {
  const terms = termsOf(expression);
  const [first] = terms ?? [];
  if (terms === null || first === undefined) return null;
  const alike =
    terms.length > 1 &&
    terms.every(
      ({ type, equal, join }) =>
        equal && type === first.type && (type === 'group' || type === 'user') && join !== '&&',
    );
  if (alike) {
    const names = terms.map(({ value }) => value);
    return `${first.type}s ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  }
  return terms
    .map((term) => {
      const words = termWords(term);
      if (term.join === undefined) return words;
      return `${words} ${term.join === '||' ? 'or' : 'and'}`;
    })
    .join(' ');
}

const WORDS: Record<string, readonly [one: string, not: string]> = {
  group: ['group', 'not group'],
  user: ['user', 'not user'],
  ipaddress: ['from', 'not from'],
  user_origreq: ['who asked for it:', 'who did not ask for it:'],
};

function termWords({ type, equal, value }: Term): string {
  if (type === 'user' && equal && value === 'anybody') return 'anybody signed in';
  if (type === 'user' && equal && value === 'everybody') return 'everybody';
  if (type === 'ipaddress' && equal && value === '.*') return 'from any address';
  const [one, not] = WORDS[type] ?? [type, `not ${type}`];
  return `${equal ? one : not} ${value}`;
}

/** Where a refused line is wrong, from 0; the server counts characters from 1, in its member or in its words. */
export function faultPlace(body: Readonly<Record<string, unknown>>): number | null {
  if (typeof body['position'] === 'number') return Math.max(0, body['position'] - 1);
  const said = typeof body['detail'] === 'string' ? body['detail'] : '';
  const place = /\bcharacter (\d+)/.exec(said)?.[1];
  return place === undefined ? null : Math.max(0, Number(place) - 1);
}

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

const WORDS: Record<string, [one: string, not: string]> = {
  group: ['group', 'not group'],
  user: ['user', 'not user'],
  ipaddress: ['from', 'not from'],
  user_origreq: ['who asked as', 'who did not ask as'],
};

/** An expression in words: `group="A" || group="B"` → "group A or group B"; null when it is none we know. */
export function expressionWords(expression: string): string | null {
  const words: string[] = [];
  TERM.lastIndex = 0;
  let at = 0;
  while (at < expression.length) {
    TERM.lastIndex = at;
    const term = TERM.exec(expression);
    if (term === null) return null;
    const [whole, type = '', operator, quoted, bare, join] = term;
    words.push(termWords(type, operator === '=', (quoted ?? bare ?? '').trim()));
    at += whole.length;
    if (join === undefined) break;
    words.push(join === '||' ? 'or' : 'and');
  }
  if (expression.slice(at).trim() !== '' || words.length % 2 === 0) return null;
  return words.join(' ');
}

function termWords(type: string, equal: boolean, value: string): string {
  if (type === 'user' && equal && value === 'anybody') return 'anybody signed in';
  if (type === 'user' && equal && value === 'everybody') return 'everybody';
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

import { ServerError, type FieldFault } from '../../errors.ts';
import { parseRule } from './parse.ts';
import { formatRule, LINE_PREFIX, type AccessRule } from './rule.ts';

/** What a text of rules says. */
export interface ImportedRules {
  /** One rule for each resource, in the order in which they first came. */
  readonly rules: readonly AccessRule[];
  /** Resources that had several lines; they are one rule now, as with Dogtag. */
  readonly merged: readonly string[];
  /** Lines that were there already, word for word, counted from 1: they change nothing. */
  readonly duplicates: readonly { readonly line: number; readonly of: number }[];
}

/** Faults that are told at once; the rest waits for the next try. */
const MAX_FAULTS = 100;
/** What an LDIF file of Dogtag's says beside its rules. */
const LDIF = /^(?:dn|version|objectClass|cn|changetype|add|replace)::? |^-$/i;

/**
 * Reads rules as they are exported, or as an LDIF file of Dogtag's has them: one a line, `resourceACLS: ` before
 * them or not, blank lines and lines that begin with `#` left out, lines that begin with a blank continuing the
 * one before. Several lines for one resource become one rule: their rights, entries and descriptions together.
 * Throws `acl_syntax` with every faulty line.
 */
export function importRules(text: string): ImportedRules {
  const rules = new Map<string, AccessRule>();
  const merged = new Set<string>();
  const duplicates: { line: number; of: number }[] = [];
  const seen = new Map<string, number>();
  const faults: FieldFault[] = [];
  for (const { line, number } of unfold(text)) {
    if (line === '' || line.startsWith('#') || LDIF.test(line)) continue;
    const rule = parseLine(line, number, faults);
    if (rule === null) continue;
    const spelled = formatRule(rule);
    const of = seen.get(spelled);
    if (of !== undefined) {
      duplicates.push({ line: number, of });
      continue;
    }
    seen.set(spelled, number);
    const before = rules.get(rule.resource);
    if (before !== undefined) merged.add(rule.resource);
    rules.set(rule.resource, before === undefined ? rule : mergeRules(before, rule));
  }
  if (faults.length > 0) throw faulty(faults);
  return { rules: [...rules.values()], merged: [...merged], duplicates };
}

/** The rules as a text that `importRules` reads: one line each, the prefix of an LDIF file before it. */
export function exportRules(rules: readonly AccessRule[]): string {
  return rules.map((rule) => `${LINE_PREFIX}${formatRule(rule)}\n`).join('');
}

/** Two rules for one resource as one: what either grants or refuses, both do. */
export function mergeRules(first: AccessRule, second: AccessRule): AccessRule {
  return {
    resource: first.resource,
    operations: [...new Set([...first.operations, ...second.operations])],
    entries: [...first.entries, ...second.entries],
    description: [...new Set([first.description, second.description])].join('; '),
  };
}

function parseLine(line: string, number: number, faults: FieldFault[]): AccessRule | null {
  try {
    return parseRule(line);
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'acl_syntax') throw error;
    const [{ expected, got }] = error.members['errors'] as [FieldFault];
    const place = `line ${number}, character ${String(error.members['position'])}`;
    faults.push({ field: place, expected, got });
    return null;
  }
}

function faulty(faults: readonly FieldFault[]): ServerError {
  const [first] = faults;
  const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more faulty lines)`;
  return new ServerError(
    'acl_syntax',
    `${first?.field}: expected ${first?.expected}, got ${first?.got}${more}`,
    { members: { errors: faults.slice(0, MAX_FAULTS) } },
  );
}

/** The lines with their numbers; RFC 2849 folds long ones: what begins with a blank belongs to the line before. */
function unfold(text: string): { line: string; number: number }[] {
  const lines: { line: string; number: number }[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const before = lines.at(-1);
    if (line.startsWith(' ') && before !== undefined && before.line !== '')
      before.line += line.slice(1);
    else lines.push({ line, number: i + 1 });
  }
  return lines;
}

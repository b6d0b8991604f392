import { ApiProblem } from './problem.ts';

/** What a refused form has to be told: each fault at its field, the rest above the form. */
export interface Faults {
  readonly general: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

const NONE: Faults = { general: null, fields: {} };

/** "expected 1 to 64 characters" → "Expected 1 to 64 characters." */
export function asSentence(text: string): string {
  const bare = text.trim().replace(/\.$/, '');
  return `${bare.slice(0, 1).toUpperCase()}${bare.slice(1)}.`;
}

interface FieldFault {
  readonly field: string;
  readonly expected: string;
  readonly got?: string;
}

function isFieldFault(value: unknown): value is FieldFault {
  return (
    typeof value === 'object' &&
    value !== null &&
    'field' in value &&
    typeof value.field === 'string' &&
    'expected' in value &&
    typeof value.expected === 'string'
  );
}

/** The faults by field that came with a refusal (RFC 9457, our member `errors`). */
export function fieldFaults(error: unknown): readonly FieldFault[] {
  if (!(error instanceof ApiProblem)) return [];
  const { errors } = error.body;
  return Array.isArray(errors) ? errors.filter(isFieldFault) : [];
}

/**
 * Sorts a refusal to the fields of a form.
 *
 * @param known the names of the form's fields; what is said of others stands above the form
 * @param codes fields that a whole refusal belongs to, by its code: `{ already_exists: 'name' }`
 */
export function faultsOf(
  error: unknown,
  known: readonly string[],
  codes: Readonly<Record<string, string>> = {},
): Faults {
  if (error === null || error === undefined) return NONE;
  if (!(error instanceof ApiProblem)) {
    return { general: 'That did not work. Load the page again.', fields: {} };
  }
  const named = error.body['field'];
  const owner =
    typeof named === 'string' ? known.find((one) => isPart(named, one)) : codes[error.code];
  if (owner !== undefined) {
    // The place of a fault is shown, not told.
    const place = typeof named === 'string' ? `${named}: ` : `${owner}: `;
    const said = error.message.startsWith(place)
      ? error.message.slice(place.length)
      : error.message;
    return { general: null, fields: { [owner]: asSentence(said) } };
  }
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const { field, expected, got } of fieldFaults(error)) {
    const name = known.find((one) => isPart(field, one));
    const said = asSentence(`expected ${expected}${got === undefined ? '' : `, got ${got}`}`);
    if (name === undefined) others.push(`${field}: ${said}`);
    else fields[name] ??= said;
  }
  if (others.length > 0) return { general: others.join(' '), fields };
  if (Object.keys(fields).length > 0) return { general: null, fields };
  return { general: wholeFault(error), fields };
}

/** Whether a fault at `groups.0` or `groups[0]` belongs to the field `groups`. */
function isPart(field: string, of: string): boolean {
  return field === of || field.startsWith(`${of}.`) || field.startsWith(`${of}[`);
}

/** A refusal that no field is to blame for, with what to do about it. */
function wholeFault(error: ApiProblem): string {
  const said = asSentence(error.message);
  const index = error.body['recordIndex'];
  if (error.status === 403 && typeof index === 'number') {
    return `${said} The attempt was recorded as record ${index}.`;
  }
  if (error.status === 0) return `${said} Nothing was changed as far as this page knows.`;
  if (error.status === 429) return `${said} Wait a moment, then try again.`;
  if (error.status >= 500 && error.requestId !== undefined) {
    return `${said} Request ${error.requestId}.`;
  }
  return said;
}

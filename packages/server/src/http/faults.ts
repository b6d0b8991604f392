import type { z } from '@hono/zod-openapi';
import { ServerError, type FieldFault } from '../errors.ts';

/** Longest value repeated in an error. */
const MAX_SHOWN = 80;

/** Where a faulty value came from. */
type Target = 'json' | 'form' | 'query' | 'param' | 'header' | 'cookie';

/** All faults of one request as one refusal: 400 for its address, 422 for its body. */
export function refuseFaults(target: Target, error: z.ZodError, data: unknown): ServerError {
  const faults = error.issues.map((issue) => describeIssue(issue, data));
  const detail = faults.map((f) => `${f.field}: expected ${f.expected}, got ${f.got}`).join('; ');
  return new ServerError(target === 'json' ? 'request_invalid' : 'parameter_invalid', detail, {
    members: { in: target === 'json' ? 'body' : target, errors: faults },
  });
}

function describeIssue(issue: z.core.$ZodIssue, data: unknown): FieldFault {
  if (issue.code === 'unrecognized_keys') {
    return { field: issue.keys.join(', '), expected: 'no such field', got: 'a value' };
  }
  const field = issue.path.map(String).join('.') || 'body';
  const value = issue.path.reduce<unknown>(
    (held, key) =>
      typeof held === 'object' && held !== null
        ? (held as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );
  return {
    field,
    expected: expectation(issue),
    got: /password|token|secret/i.test(field) ? kindOf(value) : show(value),
  };
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    const plain = issue.expected === 'string' || issue.expected === 'number';
    return plain ? `a ${issue.expected}` : issue.expected;
  }
  if (issue.code === 'too_small') return `at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_value') {
    return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  }
  return issue.message;
}

function unitOf(origin: string): string {
  return origin === 'string' ? ' characters' : '';
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? kindOf(value);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? `${value.length} characters` : `a ${typeof value}`;
}

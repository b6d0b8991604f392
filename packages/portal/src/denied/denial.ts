import { ApiProblem } from '../api/problem.ts';

/** A refusal as the server tells it, with a page or as the body of an API answer. */
export interface Denial {
  readonly route: string | null;
  readonly resource: string | null;
  readonly operation: string | null;
  readonly recordIndex: number | null;
  readonly roles: readonly string[];
  readonly requestId: string | null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function fromObject(value: Record<string, unknown>): Denial {
  const roles = value['roles'];
  const index = value['recordIndex'];
  return {
    route: text(value['route']) ?? text(value['instance']),
    resource: text(value['resource']),
    operation: text(value['operation']),
    recordIndex:
      typeof index === 'number' && Number.isSafeInteger(index) && index >= 0 ? index : null,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    requestId: text(value['requestId']),
  };
}

/** The denial that came with the page; null when the page was allowed or its text cannot be read. */
export function parseDenial(json: string | null | undefined): Denial | null {
  if (json === null || json === undefined || json.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return fromObject(value as Record<string, unknown>);
  } catch {
    return null;
  }
}

/** The denial in a refused API answer; null when the problem is another one. */
export function denialOf(error: unknown): Denial | null {
  if (!(error instanceof ApiProblem) || error.status !== 403) return null;
  return fromObject(error.body);
}

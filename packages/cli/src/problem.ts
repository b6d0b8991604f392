/** A problem body (RFC 9457) as our server writes them. */
export interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly [member: string]: unknown;
}

/** Reads the body of a refusal; undefined when it is no problem body. */
export function parseProblem(body: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}

/** A refusal in one line, and what goes into the `--json` form of the error. */
export function describeProblem(
  status: number,
  statusText: string,
  body: string,
): { message: string; details: Record<string, unknown> } {
  const problem = parseProblem(body);
  const words = problem?.detail ?? problem?.title ?? statusText;
  const code = problem?.code === undefined ? '' : ` ${problem.code}`;
  return {
    message: `answered ${status}${code}: ${words}`,
    details: { status, ...(problem && { problem }) },
  };
}

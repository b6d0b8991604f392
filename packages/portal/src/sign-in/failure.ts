import { ApiProblem } from '../api/problem.ts';

/** What to tell someone whose sign-in failed. */
export interface SignInFailure {
  readonly tone: 'fail' | 'warn';
  readonly title: string;
  readonly advice: string;
  /** When a locked account opens again, RFC 3339. */
  readonly until?: string;
}

function timeIn(problem: ApiProblem): string | undefined {
  for (const name of ['lockedUntil', 'until', 'retryAt']) {
    const value = problem.body[name];
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) return value;
  }
  return undefined;
}

/** The words for each way signing in can fail; a wrong name and a wrong password are told the same. */
export function describeFailure(error: unknown): SignInFailure {
  if (!(error instanceof ApiProblem)) {
    return { tone: 'fail', title: 'Signing in failed', advice: 'Load the page again.' };
  }
  const until = timeIn(error);
  if (error.status === 423 || error.code.includes('locked')) {
    return {
      tone: 'warn',
      title: 'This account is locked',
      advice: 'Too many attempts failed.',
      ...(until === undefined ? {} : { until }),
    };
  }
  if (error.status === 429) {
    return {
      tone: 'warn',
      title: 'Too many attempts',
      advice: 'Wait a moment, then try again.',
      ...(until === undefined ? {} : { until }),
    };
  }
  if (error.status === 401) {
    return {
      tone: 'fail',
      title: 'Name or password is wrong',
      advice: 'Check both; capital letters matter.',
    };
  }
  if (error.status === 503 || error.code === 'log_unavailable') {
    return {
      tone: 'warn',
      title: 'Nobody can sign in now',
      advice: 'The log cannot take records, and nothing happens here without one.',
    };
  }
  if (error.status === 0) {
    return {
      tone: 'fail',
      title: 'The server did not answer',
      advice: 'Check that it runs, then try again.',
    };
  }
  return { tone: 'fail', title: 'Signing in failed', advice: `${error.message} (${error.code}).` };
}

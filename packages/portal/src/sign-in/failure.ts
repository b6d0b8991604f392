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

/** Ways in which signing in can fail that their code alone tells apart. */
const BY_CODE: Readonly<Record<string, SignInFailure>> = {
  sign_in_failed: {
    tone: 'fail',
    title: 'The identity provider did not sign you in',
    advice: 'Begin again here: an attempt counts once, in one browser, for ten minutes.',
  },
  provider_unavailable: {
    tone: 'warn',
    title: 'The identity provider cannot be reached',
    advice: 'Try again in a moment, or sign in another way.',
  },
  access_denied: {
    tone: 'fail',
    title: 'You have no role here',
    advice: 'It is known who you are, but not what you may do. Ask an administrator.',
  },
  role_conflict: {
    tone: 'fail',
    title: 'Your roles exclude each other',
    advice: 'Nobody may hold them together. Ask an administrator which one is yours.',
  },
  certificate_unknown: {
    tone: 'fail',
    title: 'This certificate is nobody’s here',
    advice: 'It is good, but not enrolled. Ask an administrator.',
  },
  not_signed_in: {
    tone: 'fail',
    title: 'The browser showed no certificate',
    advice: 'Choose one when it asks; it may ask only after it was started anew.',
  },
  too_many_requests: {
    tone: 'warn',
    title: 'Too many attempts',
    advice: 'Wait a moment, then try again.',
  },
  log_unavailable: {
    tone: 'warn',
    title: 'Nobody can sign in now',
    advice: 'The log cannot take records, and nothing happens here without one.',
  },
};

/** The words for the code that the server has led the browser back with. */
export function describeReturn(code: string): SignInFailure {
  const known = Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined;
  return known ?? { tone: 'fail', title: 'Signing in failed', advice: 'Try again.' };
}

/** The words for each way signing in can fail; a wrong name and a wrong password are told the same. */
export function describeFailure(error: unknown): SignInFailure {
  if (!(error instanceof ApiProblem)) {
    return { tone: 'fail', title: 'Signing in failed', advice: 'Load the page again.' };
  }
  const known = Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined;
  if (known !== undefined && error.code !== 'too_many_requests') return known;
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

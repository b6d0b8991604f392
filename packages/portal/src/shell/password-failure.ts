import { ApiProblem } from '../api/problem.ts';
import { describeFailure } from '../sign-in/failure.ts';

/** What to tell someone whose password was not changed, and at which field. */
export interface PasswordFailure {
  readonly field: 'current' | 'next' | null;
  readonly text: string;
}

/** The words for each way changing a password can fail. */
export function describePasswordFailure(error: unknown): PasswordFailure {
  if (error instanceof ApiProblem) {
    if (error.code === 'credentials_invalid') {
      return { field: 'current', text: 'This is not your present password.' };
    }
    if (error.code === 'request_invalid') {
      const expected = expectedOf(error.body['errors']);
      return { field: 'next', text: expected === null ? `${error.message}.` : `Use ${expected}.` };
    }
    if (error.code === 'access_denied') {
      return { field: null, text: `The password was not changed: ${error.message}.` };
    }
    if (error.status === 401) {
      return { field: null, text: 'The session has ended. Sign in again to change it.' };
    }
  }
  const { title, advice } = describeFailure(error);
  const words = title === 'Signing in failed' ? 'The password was not changed' : title;
  return { field: null, text: `${words}. ${advice}` };
}

/** What the server expected of the new password: "8 to 256 characters". */
function expectedOf(errors: unknown): string | null {
  if (!Array.isArray(errors)) return null;
  const found: unknown = errors.find(
    (entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'field' in entry && entry.field === 'next',
  );
  if (typeof found !== 'object' || found === null || !('expected' in found)) return null;
  return typeof found.expected === 'string' ? found.expected : null;
}

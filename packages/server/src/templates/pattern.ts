import { createContext, Script } from 'node:vm';
import { ServerError } from '../errors.ts';

/** Longest pattern that is taken, and longest text it is tried on. */
export const MAX_PATTERN = 500;
const MAX_SUBJECT = 4_096;
/** Honest patterns take microseconds; but the clock runs on while others have the processor, so one try is not enough. */
const PATIENCE_MS = [50, 100, 200] as const;

// A context without anything of ours: the pattern arrives as text and only a verdict leaves.
const context = createContext(Object.create(null) as object);
const trial = new Script('new RegExp(pattern, "u").test(text)');

/** Why a text is no pattern, or null when it is one. */
export function patternFault(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN) return `at most ${MAX_PATTERN} characters`;
  try {
    return new RegExp(pattern, 'u').unicode ? null : 'Unicode mode';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Whether a text matches an administrator's pattern (JavaScript's syntax, Unicode mode). A pattern that goes back and
 * forth for ever is cut off: it holds up one request for a moment, not the server.
 *
 * @throws ServerError `pattern_too_slow`
 */
export function matchesPattern(pattern: string, text: string): boolean {
  if (text.length > MAX_SUBJECT) return false;
  Object.assign(context, { pattern, text });
  let slow: unknown;
  for (const timeout of PATIENCE_MS) {
    try {
      return trial.runInContext(context, { timeout }) === true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      slow = error;
    }
  }
  throw new ServerError(
    'pattern_too_slow',
    `the pattern ${pattern} takes more than ${PATIENCE_MS.at(-1)} ms for a text of ${text.length} characters: it has to be written in another way`,
    { cause: slow },
  );
}

/** The error may come from the other context, whose `Error` is not ours. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

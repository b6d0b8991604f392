/** What stands in the address of the sign-in page. */
export interface SignInSearch {
  /** Where to go afterwards. */
  readonly next?: string;
  /** The server's code for why the way by which one has come back did not work. */
  readonly failed?: string;
}

/** Reads it; whatever is no text is not there. */
export function parseSignInSearch(raw: Record<string, unknown>): SignInSearch {
  const { next, failed } = raw;
  return {
    ...(typeof next === 'string' ? { next } : {}),
    ...(typeof failed === 'string' ? { failed } : {}),
  };
}

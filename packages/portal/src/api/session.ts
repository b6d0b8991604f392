import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { apiUrl, requestJson } from './client.ts';
import { ApiProblem } from './problem.ts';
import type { Session } from './types.ts';

/** The session, null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await requestJson<Session>(apiUrl('session'), { signal });
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
});

export function useSession(): Session | null {
  const { data } = useQuery(sessionQuery);
  return data ?? null;
}

/** How one can sign in here. */
export interface SignInOptions {
  /** This address asks browsers for a client certificate. */
  readonly certificate: boolean;
  /** The identity provider; null: there is none. */
  readonly oidc: { readonly name: string } | null;
}

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in options'],
  queryFn: ({ signal }) => requestJson<SignInOptions>(apiUrl('session/options'), { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

/** Where the identity provider's sign-in begins; the browser goes there and comes back signed in. */
export function providerSignInUrl(next: string): string {
  return apiUrl('session/oidc', { next });
}

/** Who the browser's client certificate says one is. Throws the server's problem: none shown, an unknown one. */
export function readCertificateSession(): Promise<Session> {
  return requestJson<Session>(apiUrl('session'));
}

/** Asks for a session with a name and a password. Throws the server's problem: wrong, locked, unreachable. */
export function signIn(username: string, password: string): Promise<Session> {
  return requestJson<Session>(apiUrl('session'), {
    method: 'POST',
    body: { username, password },
  });
}

/**
 * Sets a new password for whoever is signed in; their other sessions end. Throws the server's problem: a wrong
 * present password, a new one that breaks the rules, too many attempts.
 */
export function changePassword(current: string, next: string): Promise<void> {
  return requestJson<void>(apiUrl('session/password'), { method: 'PUT', body: { current, next } });
}

interface SignedOut {
  /** At the identity provider, which leads back to the sign-in page. */
  readonly signOutUrl: string;
}

const SIGN_IN_PAGE = '/portal/sign-in';

/** Ends the session here and on the server, and forgets everything that was read with it. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const leave = (to: string) => {
      client.clear();
      window.location.assign(to);
    };
    // A session that an identity provider has opened goes on there: it says where to end that one, too.
    requestJson<SignedOut | undefined>(apiUrl('session'), { method: 'DELETE' }).then(
      (answer) => leave(answer?.signOutUrl ?? SIGN_IN_PAGE),
      () => leave(SIGN_IN_PAGE),
    );
  }, [client]);
}

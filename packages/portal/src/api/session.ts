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

/** Ends the session here and on the server, and forgets everything that was read with it. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const leave = () => {
      client.clear();
      window.location.assign('/portal/sign-in');
    };
    requestJson(apiUrl('session'), { method: 'DELETE' }).then(leave, leave);
  }, [client]);
}

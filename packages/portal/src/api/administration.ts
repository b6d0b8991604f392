import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiUrl, requestJson, type Parameters } from './client.ts';
import { useSession } from './session.ts';

const ADMINISTRATION = 'administration';

/** A path below `/api/v1/` with its names as they may stand in a URL. */
export function pathTo(...segments: readonly string[]): string {
  return segments.map(encodeURIComponent).join('/');
}

/**
 * Something administered, read anew each time its page is opened: nobody decides on what was the case before.
 *
 * @param enabled false where the person may not read it: asking would be recorded as a refusal
 */
export function useAdministered<T>(path: string, parameters: Parameters = {}, enabled = true) {
  return useQuery({
    enabled,
    queryKey: [ADMINISTRATION, path, parameters],
    gcTime: 0,
    queryFn: ({ signal }) => requestJson<T>(apiUrl(path, parameters), { signal }),
  });
}

/** The key of a reading that has pages of its own; it is read again with the others after a change. */
export function administrationKey(...parts: readonly unknown[]): readonly unknown[] {
  return [ADMINISTRATION, ...parts];
}

interface ChangeOptions<T> {
  /** Called once the change is made and what is shown has been read again. */
  readonly onDone?: (answer: T) => void;
  /** What is shown is gone with the change: do not read it again. */
  readonly leaves?: boolean;
}

/** A change of what is administered. What is on the screen is read again before it counts as done. */
export function useChange<V, T = void>(
  send: (value: V) => Promise<T>,
  { onDone, leaves = false }: ChangeOptions<T> = {},
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async (answer) => {
      if (!leaves) await client.refetchQueries({ queryKey: [ADMINISTRATION], type: 'active' });
      onDone?.(answer);
    },
  });
}

/** Whether the signed-in person holds a right, to know what to offer; the server decides. */
export function useMay(resource: string, operation: string): boolean {
  const session = useSession();
  return session?.rights?.includes(`${resource}:${operation}`) === true;
}

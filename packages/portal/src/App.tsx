import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ApiProblem } from './api/problem.ts';
import { sessionQuery } from './api/session.ts';
import { PreferencesProvider } from './lib/preferences.tsx';
import { router } from './routes.tsx';
import { appearance } from './theme/appearance.ts';
import { theme } from './theme/theme.ts';

const ENDED = new Set(['not_signed_in', 'session_expired']);

/**
 * Reading the log is itself recorded, so nothing is fetched behind the person's back: no refetch on focus, on
 * reconnect or on mounting again, and a refusal is not asked for twice.
 */
const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session has ended: the shell leads to sign-in and back to where this person was.
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 401) {
        queryClient.setQueryData(sessionQuery.queryKey, null);
      }
    },
  }),
  mutationCache: new MutationCache({
    onError: (error) => {
      // A wrong password is no ended session: only these two say that nobody is signed in.
      if (error instanceof ApiProblem && ENDED.has(error.code)) {
        queryClient.setQueryData(sessionQuery.queryKey, null);
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      refetchOnMount: false,
      networkMode: 'always',
      retry: (failures, error) =>
        failures < 1 && error instanceof ApiProblem && error.code === 'unreachable',
    },
    mutations: { networkMode: 'always' },
  },
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      colorSchemeManager={appearance}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <PreferencesProvider>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </PreferencesProvider>
    </MantineProvider>
  );
}

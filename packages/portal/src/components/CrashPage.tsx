import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from './States.tsx';

/** Shown when a page itself failed; the log and the server are not affected. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  return <ErrorState what="This page failed to show itself" error={error} onRetry={reset} />;
}

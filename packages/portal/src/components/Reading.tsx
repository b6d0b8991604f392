import type { ReactNode } from 'react';
import { useSession } from '../api/session.ts';
import { denialOf } from '../denied/denial.ts';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { ErrorState } from './States.tsx';

interface Read<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

interface Props<T> {
  readonly of: Read<T>;
  /** "The identities could not be read". */
  readonly failed: string;
  readonly skeleton: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** What was read, or the state it is in instead: on its way, refused, failed. */
export function Reading<T>({ of, failed, skeleton, children }: Props<T>) {
  const session = useSession();
  const denial = denialOf(of.error);
  if (denial !== null) return <DeniedPage denial={denial} session={session} />;
  if (of.error !== null) {
    return <ErrorState what={failed} error={of.error} onRetry={() => void of.refetch()} />;
  }
  return of.data === undefined ? skeleton : children(of.data);
}

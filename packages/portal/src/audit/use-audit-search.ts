import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { AuditSearch } from './search-params.ts';

export type Patch = { readonly [K in keyof AuditSearch]?: AuditSearch[K] | undefined };

function without(search: Patch): AuditSearch {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** The page's state as its URL has it, and the one way to change it. */
export function useAuditSearch(): {
  readonly search: AuditSearch;
  /** Lays `patch` over the state; undefined takes a part away. `replace` adds no step to the history. */
  readonly change: (patch: Patch, options?: { replace?: boolean }) => void;
} {
  const search = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const change = useCallback(
    (patch: Patch, { replace = false }: { replace?: boolean } = {}) => {
      void navigate({
        search: (previous) => without({ ...previous, ...patch }),
        replace,
      });
    },
    [navigate],
  );
  return { search, change };
}

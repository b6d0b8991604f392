import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { readStored, writeStored } from './storage.ts';
import type { Zone } from './time.ts';

/** How this person likes to see things, on this browser; never part of what is shown. */
interface Preferences {
  readonly zone: Zone;
  readonly setZone: (zone: Zone) => void;
  readonly wideNavigation: boolean;
  readonly setWideNavigation: (wide: boolean) => void;
}

const Context = createContext<Preferences | null>(null);

export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [zone, keepZone] = useState<Zone>(() => (readStored('zone') === 'local' ? 'local' : 'utc'));
  const [wideNavigation, keepWide] = useState(() => readStored('navigation') !== 'narrow');
  const setZone = useCallback((next: Zone) => {
    keepZone(next);
    writeStored('zone', next);
  }, []);
  const setWideNavigation = useCallback((wide: boolean) => {
    keepWide(wide);
    writeStored('navigation', wide ? null : 'narrow');
  }, []);
  const value = useMemo(
    () => ({ zone, setZone, wideNavigation, setWideNavigation }),
    [zone, setZone, wideNavigation, setWideNavigation],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const value = useContext(Context);
  if (value === null) throw new TypeError('usePreferences outside PreferencesProvider');
  return value;
}

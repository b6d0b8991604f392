import { useEffect, useState } from 'react';

const TICK_MS = 20_000;

/** The time, kept up to a third of a minute, for what is told relative to it. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Reads a value this browser kept; null when there is none or storage is switched off. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`countersign.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a value in this browser; null removes it. Returns whether it was kept. */
export function writeStored(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(`countersign.${key}`);
    else localStorage.setItem(`countersign.${key}`, value);
    return true;
  } catch {
    return false;
  }
}

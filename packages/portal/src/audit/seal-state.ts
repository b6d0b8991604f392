import type { LogRecord } from '../api/types.ts';
import type { SealState } from '../components/Values.tsx';

/** What the seal of a row says: this browser's own verdict first, then what is known from the answer. */
export function sealState(
  record: LogRecord,
  found: ReadonlyMap<number, 'verified' | 'failed'>,
  treeSize: number | undefined,
): SealState {
  const own = found.get(record.index);
  if (own === 'failed') return 'failed';
  if (record.content === null) return 'erased';
  if (own === 'verified') return 'verified';
  return treeSize !== undefined && record.index >= treeSize ? 'pending' : 'included';
}

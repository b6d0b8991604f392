import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useState } from 'react';
import { apiUrl, requestJson } from '../api/client.ts';
import type { RecordPage } from '../api/types.ts';
import type { SearchContext } from '../audit/search-params.ts';
import { sentSearch } from '../audit/sent-search.ts';
import { neighbourIn, stepQuery, type Step } from './step.ts';

/** What became of the last step: nothing to tell, under way, at the end, or failed. */
export type StepState = 'idle' | 'looking' | 'end' | 'failed';

/**
 * Steps from a record to the next one of the search it was come to from; without a search, to its neighbour in the
 * log. Rows this page already has are not asked for again, since asking is recorded.
 */
export function useStep(
  index: number | undefined,
  context: SearchContext | null,
  onGo: (index: number) => void,
): { readonly state: StepState; readonly step: (by: Step) => void } {
  const client = useQueryClient();
  const [held, setHeld] = useState<{ index: number; state: StepState } | null>(null);
  const state = held !== null && held.index === index ? held.state : 'idle';

  const find = async (from: number, by: Step): Promise<number | null> => {
    if (context === null) return from - by >= 0 ? from - by : null;
    const sent = sentSearch(context);
    const known = client.getQueryData<InfiniteData<RecordPage>>([
      'records',
      sent.query,
      sent.order,
      sent.asOf,
    ]);
    const near = neighbourIn(known?.pages.flatMap(({ records }) => records) ?? [], from, by);
    if (near !== undefined) return near;
    const { records } = await requestJson<RecordPage>(
      apiUrl('audit/records', { ...stepQuery(sent, from, by), limit: 1 }),
    );
    return records[0]?.index ?? null;
  };

  const step = (by: Step) => {
    if (index === undefined || state === 'looking') return;
    setHeld({ index, state: 'looking' });
    find(index, by).then(
      (found) => {
        setHeld(found === null ? { index, state: 'end' } : null);
        if (found !== null) onGo(found);
      },
      () => setHeld({ index, state: 'failed' }),
    );
  };
  return { state, step };
}

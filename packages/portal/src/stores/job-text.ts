import { JOB_STATES, type JobState, type StoreJob } from '../api/stores.ts';

export const JOB_STATE_NAMES: Readonly<
  Record<JobState, { tone: 'plain' | 'warn' | 'fail' | 'accent'; word: string }>
> = {
  scheduled: { tone: 'plain', word: 'Scheduled' },
  running: { tone: 'warn', word: 'Under way' },
  done: { tone: 'accent', word: 'Done' },
  failed: { tone: 'fail', word: 'Failed' },
};

/** A state that an address or a choice names; undefined for any. */
export function jobState(value: unknown): JobState | undefined {
  return JOB_STATES.find((state) => state === value);
}

export function parseJobSearch(raw: Record<string, unknown>): { state?: JobState } {
  const state = jobState(raw['state']);
  return state === undefined ? {} : { state };
}

const KINDS: Readonly<Record<StoreJob['kind'], string>> = {
  inventory: 'Inventory',
  add: 'Add',
  remove: 'Remove',
  replace: 'Replace',
  reenroll: 'Re-enroll',
  discovery: 'Discovery',
};

/** What a job does, as short as it can be said: "Add CN=www.example.com". */
export function jobText({ kind, details }: Pick<StoreJob, 'kind' | 'details'>): string {
  const what = details.subject ?? details.alias ?? null;
  return what === null || what === '' ? KINDS[kind] : `${KINDS[kind]} ${what}`;
}

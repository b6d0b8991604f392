import type { BulkAnswer, Certificate } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { plural } from '../lib/format.ts';
import { nameOf } from './certificate-state.ts';

/** Certificates that something is done with: those that were chosen, or all that a query finds. */
export interface Chosen {
  readonly certificates: readonly Certificate[];
  /** Null: those above and no others. */
  readonly query: string | null;
  readonly count: number;
}

/** Exactly these. */
export function chosenOf(certificates: readonly Certificate[]): Chosen {
  return { certificates, query: null, count: certificates.length };
}

/** What they are called together: the name of one, the number of many. */
export function calledAs({ certificates, count }: Chosen): string {
  const [only] = certificates;
  return count === 1 && only !== undefined ? nameOf(only) : plural(count, 'certificate');
}

/** How a request says which. */
export function whichOf({ certificates, query }: Chosen): { query: string } | { ids: number[] } {
  return query === null ? { ids: certificates.map(({ id }) => id) } : { query };
}

/** Work on many that goes on by itself, also when nobody looks. */
interface CertificateJob extends BulkAnswer {
  readonly id: number;
  readonly total: number;
  readonly done: number;
  readonly finishedAt: string | null;
  readonly failure: string | null;
}

/** How far it is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

const POLL_MS = 700;

/** Does something with many certificates; where they are so many that it takes its time, tells how far it is. */
export async function doWithMany(
  path: string,
  body: unknown,
  onProgress: (progress: Progress) => void,
): Promise<BulkAnswer> {
  let answer = await requestJson<BulkAnswer | CertificateJob | undefined>(apiUrl(path), {
    method: 'POST',
    body,
  });
  while (isJob(answer)) {
    if (answer.failure !== null) throw new Error(answer.failure);
    if (answer.finishedAt !== null) return answer;
    onProgress(answer);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    answer = await requestJson<CertificateJob>(apiUrl(`certificates/jobs/${answer.id}`));
  }
  return answer ?? {};
}

function isJob(answer: BulkAnswer | CertificateJob | undefined): answer is CertificateJob {
  return answer !== undefined && 'finishedAt' in answer;
}

import {
  changeFor,
  type AdmittedCaller,
  type ChangeTransaction,
} from '../authorization/admitted.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { mayUseCertificate, type CertificateOperation } from './access.ts';
import { refuseCertificate } from './admission.ts';
import { findCertificate } from './certificate-view.ts';

/** A certificate with which something could not be done. */
export interface Refused {
  readonly id: number;
  /** One of the codes of this server's refusals. */
  readonly code: string;
  readonly detail: string;
}

/** What has become of something that was to be done with many certificates. */
export interface Outcome {
  readonly done: readonly number[];
  readonly refused: readonly Refused[];
}

/** Certificates that are changed in one transaction: others get their turn in between. */
export const BATCH = 50;

/**
 * Does something with each of many certificates, some in a transaction at a time. What cannot be done with one does not
 * keep the others; each is looked at, and the right to it, in the transaction in which it is changed.
 *
 * @throws ServerError when the caller has lost the right altogether, or nothing can be recorded
 */
export async function withEach(
  platform: Platform,
  caller: AdmittedCaller,
  operation: CertificateOperation,
  ids: readonly number[],
  work: (tx: ChangeTransaction, id: number) => Promise<unknown>,
  progress: (outcome: Outcome) => void = () => undefined,
): Promise<Outcome> {
  const done: number[] = [];
  const refused: Refused[] = [];
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH);
    const part = await changeFor(platform, caller, async (tx) => {
      const forbidden: number[] = [];
      const finished: number[] = [];
      const failed: Refused[] = [];
      for (const id of batch) {
        try {
          await findCertificate(tx.db, id, tx.now);
          if (!(await mayUseCertificate(tx.standing, id, operation))) forbidden.push(id);
          else {
            await work(tx, id);
            finished.push(id);
          }
        } catch (error) {
          failed.push(refusalOf(id, error));
        }
      }
      return { forbidden, finished, failed };
    });
    done.push(...part.finished);
    refused.push(...part.failed);
    for (const id of part.forbidden) {
      const certificate = await findCertificate(platform.state.db, id, platform.clock());
      refused.push(
        refusalOf(id, await refuseCertificate(platform, caller, certificate, operation)),
      );
    }
    progress({ done: [...done], refused: [...refused] });
  }
  return { done, refused };
}

/** The refusal of one; what is no refusal of one certificate ends the whole. */
function refusalOf(id: number, error: unknown): Refused {
  if (!(error instanceof ServerError) || ENDS.has(error.code)) throw error;
  return { id, code: error.code, detail: error.message };
}

const ENDS: ReadonlySet<string> = new Set(['log_unavailable', 'shutting_down', 'session_expired']);

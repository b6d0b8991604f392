import type { Envelope } from '@countersign/records';

interface Person {
  readonly username: string;
  readonly name: string;
}

/** A request to erase the content of a record, and what became of it. */
export interface Erasure {
  readonly id: string;
  readonly index: number;
  readonly record: { readonly event: string; readonly time: string; readonly producer: string };
  readonly legalBasis: string;
  readonly reason: string;
  readonly state: 'pending' | 'approved' | 'done' | 'denied' | 'withdrawn';
  readonly requestedAt: string;
  readonly requestedBy: Person;
  /** Whoever is signed in has asked for it: another auditor decides. */
  readonly own: boolean;
  readonly decidedAt: string | null;
  readonly decidedBy: Person | null;
  readonly decidedBecause: string | null;
  readonly erasedAt: string | null;
  /** Index of the record that says so. */
  readonly erasureRecord: number | null;
}

export interface ErasurePage {
  readonly erasures: Erasure[];
  readonly total: number;
  readonly next: string | null;
}

/** Whether erasing may be offered: what the log says of itself and what is kept for longer is never erased. */
export function isErasable({ event, retention }: Envelope): boolean {
  return retention === 'normal' && event !== 'AUDIT_DATA_ERASED' && !event.startsWith('AUDIT_LOG_');
}

export const STATE_WORDS: Record<Erasure['state'], string> = {
  pending: 'Waits for another auditor',
  approved: 'Approved, being erased',
  done: 'Erased',
  denied: 'Denied',
  withdrawn: 'Withdrawn',
};

import type { Attribute, ObjectRef } from '@countersign/records';
import type { OwnDraft } from '../recording/draft.ts';
import { describeRequest, ownSource, sessionActor } from '../recording/facts.ts';
import type { Caller } from '../security/records.ts';
import { VERSION } from '../version.ts';
import type { Erasure } from './requests.ts';

const source = ownSource('server', VERSION);

/** The record an erasure is about, as records name it. */
export function recordRef(index: number): ObjectRef {
  return { type: 'audit record', id: String(index) };
}

/** AUDIT_ERASURE_REQUESTED: somebody asked; nothing is erased so far. */
export function erasureRequested(erasure: Erasure, caller: Caller): OwnDraft {
  return draft('AUDIT_ERASURE_REQUESTED', 'Success', erasure, caller, erasure.reason, []);
}

/** AUDIT_ERASURE_DENIED: another auditor has said no. */
export function erasureDenied(erasure: Erasure, caller: Caller, because: string): OwnDraft {
  return draft('AUDIT_ERASURE_DENIED', 'Success', erasure, caller, because, [askedBy(erasure)]);
}

/** AUDIT_ERASURE_DENIED Failure: who asks for an erasure does not decide on it. */
export function denialRefused(erasure: Erasure, caller: Caller, why: string): OwnDraft {
  return draft('AUDIT_ERASURE_DENIED', 'Failure', erasure, caller, why, [askedBy(erasure)]);
}

/** AUDIT_ERASURE_WITHDRAWN: whoever asked asks no longer. */
export function erasureWithdrawn(erasure: Erasure, caller: Caller, because: string): OwnDraft {
  return draft('AUDIT_ERASURE_WITHDRAWN', 'Success', erasure, caller, because, []);
}

/**
 * AUDIT_DATA_ERASED: the content of a record is erased, by the word of two. It is written before anything is erased:
 * the log erases nothing without it, and what it says is finished whatever happens in between.
 */
export function dataErased(erasure: Erasure, caller: Caller): OwnDraft {
  return draft('AUDIT_DATA_ERASED', 'Success', erasure, caller, erasure.reason, [
    askedBy(erasure),
    ['Approver', erasure.requestedBy.username],
    ['Approver', caller.session.user.username],
  ]);
}

/** AUDIT_DATA_ERASED Failure: who asked for an erasure tried to approve it. */
export function erasureRefused(erasure: Erasure, caller: Caller, why: string): OwnDraft {
  return draft('AUDIT_DATA_ERASED', 'Failure', erasure, caller, why, [askedBy(erasure)]);
}

function askedBy({ requestedBy }: Erasure): Attribute {
  return ['RequestedBy', requestedBy.username];
}

function draft(
  event: string,
  outcome: OwnDraft['outcome'],
  erasure: Erasure,
  { session, facts }: Caller,
  reason: string,
  further: readonly Attribute[],
): OwnDraft {
  return {
    event,
    outcome,
    content: {
      actor: sessionActor(session),
      source,
      ...describeRequest(facts),
      target: recordRef(erasure.index),
      reason,
      correlation: erasure.id,
      attributes: [
        ['Index', String(erasure.index)],
        ['LegalBasis', erasure.legalBasis],
        ...further,
      ],
    },
  };
}

import type { TimelineStep } from '../api/certificates.ts';

/** What kind of step it is, for its sign. */
export type StepKind = 'asked' | 'good' | 'bad' | 'moved' | 'read' | 'other';

const KINDS: readonly (readonly [RegExp, StepKind])[] = [
  [/deni|reject|revok|delet|remov|fail/i, 'bad'],
  [/pending|request|submit/i, 'asked'],
  [/creat|issu|renew|approv|import|releas|unrevok/i, 'good'],
  [/schedul|add|install|deploy|replac|inventor/i, 'moved'],
  [/download|recover|read|export/i, 'read'],
];

/** Sorts a step by the outcome and the operation of its record. */
export function kindOf({
  operation,
  outcome,
}: Pick<TimelineStep, 'operation' | 'outcome'>): StepKind {
  if (outcome === 'Failure') return 'bad';
  return KINDS.find(([pattern]) => pattern.test(operation))?.[1] ?? 'other';
}

/** "CertificateRequest Approved" and "ApprovedRequest" read as words. */
export function operationText(operation: string): string {
  const words = operation.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1).toLowerCase();
}

/** Whether the comment of a step says what its sentence does not end with already. */
export function isMore({ comment, sentence }: Pick<TimelineStep, 'comment' | 'sentence'>): boolean {
  return comment !== null && comment !== '' && !sentence.endsWith(`: ${comment}`);
}

import { FilterError, parseEventFilter } from '@countersign/records';
import { lengthAt, type LineFault } from '../components/line-fault.ts';

/** What is wrong with the filter of an event, and where; null when it can be used. */
export function filterFault(event: string, text: string): LineFault | null {
  try {
    parseEventFilter(event, text);
    return null;
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { position, expected, got, hint } = error;
    const meant = hint === undefined ? '' : `; write ${hint}`;
    return {
      position,
      length: lengthAt(text, position),
      message: `Expected ${expected}, got ${got}${meant}.`,
    };
  }
}

/** Filters to begin with, of those that an event with these attributes can have. */
export function filterExamples(attributes: readonly string[]): { text: string; about: string }[] {
  const has = (name: string) => attributes.includes(name);
  return [
    { text: '(Outcome=Failure)', about: 'Only what failed' },
    ...(has('aclResource')
      ? [
          {
            text: '(&(Outcome=Failure)(aclResource=certServer.ca.*))',
            about: 'Only refusals of what lies below a resource',
          },
        ]
      : []),
    { text: '(!(SubjectID=$Unidentified$))', about: 'Only of those who are known' },
  ];
}

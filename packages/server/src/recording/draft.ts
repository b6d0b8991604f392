import { randomUUIDv7 } from 'node:crypto';
import {
  parseRecordDraft,
  RecordError,
  redactContent,
  type CompleteDraft,
  type RecordDraft,
} from '@countersign/records';

/** What a part of the server says about something that happened; time, id and number are added here. */
export type OwnDraft = Omit<RecordDraft, 'seq' | 'id' | 'time'>;

/** A draft with everything but its number. */
export type Unnumbered = Omit<CompleteDraft, 'seq'>;

/**
 * A draft with time, id and the catalogue's defaults. Values of strangers (a path, a user name) may look like a
 * secret: those are masked, for nobody shall be able to make the log refuse a record about himself.
 */
export function completeDraft(draft: OwnDraft, now: Date): Unnumbered {
  const whole = { ...draft, seq: 1, id: randomUUIDv7(), time: now.toISOString() };
  try {
    return withoutNumber(parseRecordDraft(whole));
  } catch (error) {
    if (!(error instanceof RecordError) || error.code !== 'record_contains_secret') throw error;
    return withoutNumber(
      parseRecordDraft({ ...whole, content: redactContent(draft.content).content }),
    );
  }
}

function withoutNumber({ seq: _seq, ...rest }: CompleteDraft): Unnumbered {
  return rest;
}

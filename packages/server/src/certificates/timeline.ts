import {
  parseContent,
  parseQuery,
  quoteQueryValue,
  resolveQuery,
  sentence,
  type Content,
  type Envelope,
} from '@countersign/records';
import type { Platform } from '../platform.ts';
import { OWN_PRODUCER } from '../recording/recorder.ts';

/** One step in the life of a certificate, as a record tells it. */
export interface TimelineStep {
  /** The record's place in the log. */
  readonly index: number;
  readonly time: string;
  readonly event: string;
  readonly operation: string;
  readonly outcome: 'Success' | 'Failure';
  /** Who numbered the record: this server, or a program that sends records. */
  readonly producer: string;
  readonly actor: string;
  readonly sentence: string;
  readonly comment: string | null;
}

/** The life of a certificate. */
export interface Timeline {
  readonly steps: readonly TimelineStep[];
  /** There are more records than are shown. */
  readonly more: boolean;
}

/** Records that are read for one timeline. */
const MAX_STEPS = 500;

/**
 * All that records tell of a certificate, oldest first: those it is the target of, those that name it, and those of the
 * request it answers. Who looked at it, or was refused, is for auditors.
 */
export async function readTimeline(
  { log, index }: Pick<Platform, 'log' | 'index'>,
  certificate: { readonly fingerprint: string; readonly request: number | null },
  now: Date,
): Promise<Timeline> {
  const { fingerprint, request } = certificate;
  const named = quoteQueryValue(fingerprint);
  const ways = [`ImmutableIdentifier -eq ${named}`, `Related -eq ${named}`];
  if (request !== null)
    // Other programs number their requests, too.
    ways.push(
      `(Producer -eq ${quoteQueryValue(OWN_PRODUCER)} AND TargetType -eq "request" AND ImmutableIdentifier -eq "${request}")`,
    );
  const query = resolveQuery(parseQuery(`Event -ne "AUTHZ" AND (${ways.join(' OR ')})`), { now });
  const page = await index.search({ query, order: 'asc', limit: MAX_STEPS });
  const stored = await Promise.all(page.indexes.map(async (i) => await log.reader.read(i)));
  const steps = stored.map((record) => {
    const content = record.contentBytes === null ? null : parseContent(record.contentBytes);
    return stepOf(record.index, record.envelope, content);
  });
  return { steps, more: page.next !== null };
}

function stepOf(index: number, envelope: Envelope, content: Content | null): TimelineStep {
  const { time, event, operation, outcome, producer } = envelope;
  return {
    index,
    time,
    event,
    operation,
    outcome,
    producer,
    actor: content?.actor.name ?? content?.actor.id ?? '',
    sentence: sentence(envelope, content),
    comment: content?.reason ?? null,
  };
}

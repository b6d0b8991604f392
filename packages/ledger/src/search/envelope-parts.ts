/** Takes a stored envelope apart. */
import type { Envelope } from '@countersign/records';

export interface EnvelopeParts {
  readonly id: string;
  readonly seq: number;
  readonly time: string;
  /** Everything else but the digest, spelled as JSON: the same for records of the same kind. */
  readonly kind: string;
}

export type EnvelopeKind = Omit<Envelope, 'id' | 'seq' | 'time' | 'digest'>;

/** The envelope must be canonically spelled: its members come in this order, and no value has quotes. */
export function takeEnvelopeApart(envelope: string): EnvelopeParts {
  const digest = envelope.indexOf(',"digest":"');
  const event = envelope.indexOf(',"event":"', digest);
  const id = envelope.indexOf(',"id":"', event);
  const level = envelope.indexOf(',"level":"', id);
  const seq = envelope.indexOf(',"seq":', level);
  const time = envelope.indexOf(',"time":"', seq);
  const version = envelope.indexOf(',"v":', time);
  if (digest < 0 || version < 0) throw new Error('expected an envelope');
  return {
    id: envelope.slice(id + 7, level - 1),
    seq: Number(envelope.slice(seq + 7, time)),
    time: envelope.slice(time + 9, version - 1),
    kind: `${envelope.slice(0, digest)}${envelope.slice(event, id)}${envelope.slice(level, seq)}}`,
  };
}

import { setImmediate } from 'node:timers/promises';
import type { LogReader, StoredRecord } from '@countersign/ledger';
import type { Content, JsonObject } from '@countersign/records';
import type { StateReader } from '../database/schema.ts';
import { readOutbox } from '../recording/outbox.ts';
import { OWN_PRODUCER } from '../recording/recorder.ts';
import { FactsStore } from './facts-store.ts';
import { recordName, withIndex, type ReconciliationProblem } from './problem.ts';

/** Events after which a certificate is as their record says, or is there, or is gone. */
const CERTIFICATE_EVENTS: ReadonlySet<string> = new Set([
  'CERT_REQUEST_PROCESSED',
  'CERT_IMPORTED',
  'CERT_DELETED',
  'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
  'CERT_OWNER_CHANGED',
  'CERT_METADATA_CHANGED',
  'CERT_KEY_DELETED',
]);
const LIST_KINDS: Readonly<Record<string, 'full' | 'delta'>> = {
  FULL_CRL_GENERATION: 'full',
  DELTA_CRL_GENERATION: 'delta',
};

/** What a record says, as far as it matters here. */
interface Told {
  /** Null: on its way to the log. */
  readonly index: number | null;
  readonly event: string;
  readonly operation: string;
  readonly content: Content;
}

/** What the log says of certificates, revocation lists and revocations; built up record by record. */
export class LogFacts implements Disposable {
  readonly store = new FactsStore();
  /** What records say that does not follow from those before them. */
  readonly contradictions: ReconciliationProblem[] = [];
  /** The record that deleted a field of metadata, by its name: what certificates had there is gone. */
  readonly deletedFields = new Map<string, number | null>();
  /** Records that were read and say something that matters here. */
  records = 0;
  /** Records that would, if their contents had not been erased. */
  erased = 0;
  #lastSeq = 0;

  [Symbol.dispose](): void {
    this.store[Symbol.dispose]();
  }

  /** Reads records `from` to `to` of the log. Throws LedgerError for records that are damaged. */
  async read(reader: LogReader, from: number, to: number, signal?: AbortSignal): Promise<void> {
    if (from >= to) return;
    for await (const batch of reader.readRange(from, to)) {
      signal?.throwIfAborted();
      for (const record of batch) this.#take(record);
      // The process has other things to do as well.
      await setImmediate();
    }
  }

  /** Takes up records that are committed with their changes and not in the log yet. */
  async readOutbox(db: StateReader): Promise<void> {
    for (const { seq, draft } of await readOutbox(db)) {
      const { event, operation, outcome, content } = draft;
      if (seq > this.#lastSeq && outcome === 'Success' && matters(event))
        this.#apply({ index: null, event, operation, content });
    }
  }

  #take({ index, envelope, contentBytes }: StoredRecord): void {
    if (envelope.producer !== OWN_PRODUCER) return;
    this.#lastSeq = envelope.seq;
    const { event, operation, outcome } = envelope;
    if (outcome !== 'Success' || !matters(event)) return;
    if (contentBytes === null) {
      this.erased += 1;
      return;
    }
    const content = JSON.parse(Buffer.from(contentBytes).toString()) as Content;
    this.#apply({ index, event, operation, content });
  }

  #apply(told: Told): void {
    const { event, operation, content, index } = told;
    const kind = LIST_KINDS[event];
    if (kind !== undefined) this.#list(told, kind);
    else if (CERTIFICATE_EVENTS.has(event)) this.#certificate(told);
    else if (event === 'AUTHORITY_CONFIG' && operation === 'Deleted')
      this.store.forgetAuthority(content.target?.id ?? '');
    else if (event === 'CONFIG_METADATA_FIELD' && operation === 'Deleted')
      this.deletedFields.set(content.target?.id ?? '', index);
  }

  #certificate(told: Told): void {
    const { event, content, index } = told;
    const { target, before, after } = content;
    if (target?.type !== 'certificate') return;
    this.records += 1;
    const known = this.store.certificate(target.id);
    const alive = known?.alive === true;
    const comes =
      event === 'CERT_REQUEST_PROCESSED' || (event === 'CERT_IMPORTED' && before === undefined);
    if (comes && alive) this.#contradicts(told, `it came already by ${recordName(known.born)}`);
    if (!comes && !alive) this.#contradicts(told, 'no record before says that it is there');
    if (event === 'CERT_STATUS_CHANGE_REQUEST_PROCESSED') this.#status(told, known?.model);
    this.store.setCertificate({
      fingerprint: target.id,
      alive: event !== 'CERT_DELETED',
      born: comes && !alive ? index : (known?.born ?? null),
      last: index,
      model: JSON.stringify(after ?? before ?? {}),
    });
  }

  /** A certificate was revoked, held or released: from what it was before, and once. */
  #status(told: Told, knownModel: string | undefined): void {
    const { before, after } = told.content;
    const was = modelText(before, 'state');
    const known = knownModel === undefined ? undefined : (JSON.parse(knownModel) as JsonObject);
    const expected = modelText(known, 'state');
    if (expected !== null && was !== expected)
      this.#contradicts(told, `it says that it was ${was ?? 'nothing'}, and it was ${expected}`);
    const authority = after?.['authority'];
    const id = modelText(isObject(authority) ? authority : undefined, 'id');
    const serial = modelText(after, 'serial');
    if (id === null || serial === null) return;
    const reason = after?.['revocationReason'];
    this.store.setRevocation({
      authority: id,
      serial,
      state: modelText(after, 'state') ?? '',
      revokedAt: modelText(after, 'revokedAt'),
      reason: typeof reason === 'number' ? reason : null,
      index: told.index,
    });
  }

  #list(told: Told, kind: 'full' | 'delta'): void {
    const { target, related = [], attributes = [] } = told.content;
    const authority = related.find(({ type }) => type === 'authority')?.id;
    const number = Number(attributes.find(([name]) => name === 'CRLnum')?.[1] ?? Number.NaN);
    if (target?.type !== 'crl' || authority === undefined || !Number.isSafeInteger(number)) return;
    this.records += 1;
    const known = this.store.list(authority, number);
    if (known !== null) {
      const object = `crl ${authority} ${number}`;
      const message = `${recordName(told.index)} says that list ${number} was made, and so does ${recordName(known.index)}`;
      this.contradictions.push(
        withIndex({ kind: 'record_contradiction', object, message }, told.index),
      );
    }
    const { index } = told;
    this.store.setList({ authority, number, kind, fingerprint: target.id, index });
  }

  #contradicts({ index, event, content }: Told, why: string): void {
    const { id = '', name = id } = content.target ?? {};
    this.contradictions.push(
      withIndex(
        {
          kind: 'record_contradiction',
          object: `certificate ${id}`,
          message: `${recordName(index)} (${event}) of certificate "${name}": ${why}`,
        },
        index,
      ),
    );
  }
}

function matters(event: string): boolean {
  return (
    CERTIFICATE_EVENTS.has(event) ||
    Object.hasOwn(LIST_KINDS, event) ||
    event === 'AUTHORITY_CONFIG' ||
    event === 'CONFIG_METADATA_FIELD'
  );
}

function modelText(model: JsonObject | undefined, key: string): string | null {
  const value = model?.[key];
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

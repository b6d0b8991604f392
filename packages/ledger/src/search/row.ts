/** What the index keeps of a record: one row, and the words and terms it is found by. */
import { changedProperties, fold, freeTexts, words } from '@countersign/records';
import type { Content, Envelope, QueriedRecord } from '@countersign/records';
import type { Dictionaries, Parts } from './dictionary.ts';
import type { SourceRecord } from './source.ts';
import { TERM, idTerm, textTerm } from './term.ts';

export interface Row {
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly seq: number;
  readonly shape: number;
  readonly who: number;
  readonly address: number;
  readonly permit: number;
  readonly properties: number;
  readonly targetId: string | null;
  readonly targetName: string | null;
  /** Everything to find it by, in the spelling the full-text index takes apart again. */
  readonly text: string;
}

/** Reads the content without checking it again: it was checked when it was sealed. */
export function queriedRecord(record: SourceRecord): QueriedRecord {
  return { index: record.index, envelope: record.envelope, content: decodeContent(record.contentBytes) };
}

function decodeContent(bytes: Uint8Array | null): Content | null {
  if (bytes === null) return null;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return JSON.parse(text) as Content;
}

/** Builds rows, numbering what is new in the dictionaries. */
export class RowBuilder {
  readonly #dictionaries: Dictionaries;
  /** Terms that follow from a shape, made once. */
  readonly #shapeTerms: string[] = [];

  constructor(dictionaries: Dictionaries) {
    this.#dictionaries = dictionaries;
  }

  build(record: QueriedRecord): Row {
    const { index, envelope, content } = record;
    const { who, address, permit, properties } = this.#dictionaries;
    const shape = this.#shape(envelope, content);
    let terms = this.#termsOfShape(shape);
    let [whoId, addressId, permitId, propertiesId] = [0, 0, 0, 0];
    let targetId: string | null = null;
    let targetName: string | null = null;
    if (content !== null) {
      const { actor, origin, target, authorization } = content;
      whoId = who.intern([actor.id, actor.name ?? null, actor.authentication?.method ?? null]);
      terms += ` ${idTerm(TERM.who, whoId)}`;
      if (origin?.address !== undefined) {
        addressId = address.intern([origin.address]);
        terms += ` ${idTerm(TERM.address, addressId)}`;
      }
      if (authorization !== undefined || (actor.roles !== undefined && actor.roles.length > 0)) {
        const roles = new Set([...(actor.roles ?? []), ...(authorization?.roles ?? [])]);
        permitId = permit.intern([authorization?.resource ?? null, authorization?.operation ?? null, ...roles]);
        terms += ` ${idTerm(TERM.permit, permitId)}`;
      }
      if (content.before !== undefined && content.after !== undefined) {
        const changed = changedProperties(content.before, content.after);
        if (changed.length > 0) {
          propertiesId = properties.intern(changed);
          terms += ` ${idTerm(TERM.properties, propertiesId)}`;
        }
      }
      if (target !== undefined) {
        targetId = fold(target.id);
        terms += ` ${textTerm(TERM.targetId, targetId)} ${objectTerm(target.type, target.id)}`;
        if (target.name !== undefined) targetName = fold(target.name);
        terms += ` ${textTerm(TERM.targetName, targetName ?? targetId)}`;
      }
      for (const object of content.related ?? []) terms += ` ${objectTerm(object.type, object.id)}`;
      if (content.correlation !== undefined) terms += ` ${textTerm(TERM.correlation, fold(content.correlation))}`;
      if (actor.session !== undefined) terms += ` ${textTerm(TERM.session, fold(actor.session))}`;
    }
    return {
      index,
      time: Date.parse(envelope.time),
      seq: envelope.seq,
      shape,
      who: whoId,
      address: addressId,
      permit: permitId,
      properties: propertiesId,
      targetId,
      targetName,
      text: `${terms}\n${indexedText(freeTexts(record).join('\n'))}`,
    };
  }

  #shape(envelope: Envelope, content: Content | null): number {
    const { event, category, operation, level, outcome, retention, producer } = envelope;
    const head = [event, content?.original?.event ?? null, category, operation, level, outcome, retention, producer];
    const tail: Parts =
      content === null
        ? [null, null, null, null, null, null, null, null, null, null]
        : [
            content.actor.kind,
            content.origin?.interface ?? null,
            content.target?.type ?? null,
            content.source.system,
            content.source.host ?? null,
            content.source.component ?? null,
            content.request?.type ?? null,
            content.request?.verb ?? null,
            String(content.original !== undefined),
            content.original?.signature ?? null,
          ];
    return this.#dictionaries.shape.intern([...head, ...tail]);
  }

  #termsOfShape(shape: number): string {
    const made = this.#shapeTerms[shape];
    if (made !== undefined) return made;
    const parts = this.#dictionaries.shape.folded(shape);
    const named = (kind: string, place: number): string[] => {
      const part = parts[place] ?? null;
      return part === null ? [] : [textTerm(kind, part)];
    };
    const terms = [
      TERM.all,
      idTerm(TERM.shape, shape),
      ...named(TERM.event, 0),
      ...named(TERM.event, 1),
      ...named(TERM.category, 2),
      ...named(TERM.level, 4),
      ...named(TERM.outcome, 5),
      ...named(TERM.producer, 7),
      ...named(TERM.targetType, 10),
    ].join(' ');
    this.#shapeTerms[shape] = terms;
    return terms;
  }
}

/** The term of an object, exactly as it is spelled: ids of other systems may differ in case alone. */
export function objectTerm(type: string, id: string): string {
  return textTerm(TERM.object, `${type}\0${id}`);
}

/** Where `words` would do more than cut at punctuation: numbers in notations, long words. */
const NEEDS_WORDS = /[^\0-}\x7f]|\b0[0-9a-fA-Fx]|[0-9a-fA-F]{2}[: -][0-9a-fA-F]{2}[: -]|[0-9a-zA-Z]{65}|[0-9a-fA-F]-[0-9a-fA-F]{4}-/;

/** A text as the full-text index takes it: plain text as it is, which it cuts like `words`. */
function indexedText(text: string): string {
  return NEEDS_WORDS.test(text) ? words(text).join(' ') : text;
}

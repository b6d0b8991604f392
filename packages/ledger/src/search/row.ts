/** What the index keeps of a record: one row, and the words and terms it is found by. */
import { MAX_WORD_LENGTH, changedProperties, fold, ownTexts, words } from '@countersign/records';
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
  readonly setting: number;
  readonly permit: number;
  readonly properties: number;
  readonly targetId: string | null;
  readonly targetName: string | null;
  /** Everything to find it by, in the spelling the full-text index takes apart again. */
  readonly text: string;
}

/** Reads the content without checking it again: it was checked when it was sealed. */
export function queriedRecord(record: SourceRecord): QueriedRecord {
  return {
    index: record.index,
    envelope: record.envelope,
    content: decodeContent(record.contentBytes),
  };
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
    const { who, address, setting, permit, properties } = this.#dictionaries;
    const shape = this.#shape(envelope, content);
    let terms = this.#termsOfShape(shape);
    let [whoId, addressId, settingId, permitId, propertiesId] = [0, 0, 0, 0, 0];
    let targetId: string | null = null;
    let targetName: string | null = null;
    if (content !== null) {
      const { actor, origin, source, request, target, authorization } = content;
      whoId = who.intern([
        actor.id,
        actor.name ?? null,
        actor.authentication?.method ?? null,
        actor.kind,
      ]);
      terms += ` ${idTerm(TERM.who, whoId)}`;
      if (origin?.address !== undefined) {
        addressId = address.intern([origin.address]);
        terms += ` ${idTerm(TERM.address, addressId)}`;
      }
      settingId = setting.intern([
        source.system,
        source.host ?? null,
        source.component ?? null,
        origin?.interface ?? null,
        request?.type ?? null,
        request?.verb ?? null,
      ]);
      terms += ` ${idTerm(TERM.setting, settingId)}`;
      if (authorization !== undefined || (actor.roles !== undefined && actor.roles.length > 0)) {
        const roles = new Set([...(actor.roles ?? []), ...(authorization?.roles ?? [])]);
        permitId = permit.intern([
          authorization?.resource ?? null,
          authorization?.operation ?? null,
          ...roles,
        ]);
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
        terms += ` ${textTerm(TERM.targetId, targetId)} ${objectTerm(target.type, targetId)}`;
        if (target.name !== undefined) targetName = fold(target.name);
        terms += ` ${textTerm(TERM.targetName, targetName ?? targetId)}`;
      }
      for (const object of content.related ?? [])
        terms += ` ${objectTerm(object.type, fold(object.id))}`;
      if (content.correlation !== undefined)
        terms += ` ${textTerm(TERM.correlation, fold(content.correlation))}`;
      if (actor.session !== undefined) terms += ` ${textTerm(TERM.session, fold(actor.session))}`;
    }
    return {
      index,
      time: Date.parse(envelope.time),
      seq: envelope.seq,
      shape,
      who: whoId,
      address: addressId,
      setting: settingId,
      permit: permitId,
      properties: propertiesId,
      targetId,
      targetName,
      text: terms + indexedText(ownTexts(record)),
    };
  }

  #shape(envelope: Envelope, content: Content | null): number {
    const { event, category, operation, level, outcome, retention, producer } = envelope;
    const head = [
      event,
      content?.original?.event ?? null,
      category,
      operation,
      level,
      outcome,
      retention,
      producer,
    ];
    const tail: Parts =
      content === null
        ? [null, null, null]
        : [
            content.target?.type ?? null,
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
      ...named(TERM.producer, 7),
    ].join(' ');
    this.#shapeTerms[shape] = terms;
    return terms;
  }
}

const typeTerms = new Map<string, string>();

/** The term of an object. What it finds has to be compared. */
export function objectTerm(type: string, foldedId: string): string {
  let ofType = typeTerms.get(type);
  if (ofType === undefined) typeTerms.set(type, (ofType = textTerm('~', type)));
  return textTerm(TERM.object, foldedId) + ofType;
}

/** Texts as the full-text index takes them: it cuts plain text as `words` does, the rest is cut here. */
function indexedText(texts: readonly string[]): string {
  let text = '';
  for (const value of texts) text += `\n${isPlain(value) ? value : words(value).join(' ')}`;
  return text;
}

const COLON = 58;
const DASH = 45;
const SPACE = 32;
const ZERO = 48;

/**
 * Whether the words of a text are just its runs of ASCII letters and digits: no other letters, no
 * leading zeros, no numbers written as bytes, no UUID, no word that is cut. One pass, no regular
 * expression: this looks at every character that is indexed.
 */
export function isPlain(text: string): boolean {
  let run = 0;
  let hex = true;
  let bytes = 0;
  let separator = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 125) return false;
    const isDigit = c >= 48 && c <= 57;
    if (isDigit || (c >= 97 && c <= 122) || (c >= 65 && c <= 90)) {
      // A word that starts with 0 may be a number in a notation.
      if (run === 1 && text.charCodeAt(i - 1) === ZERO) return false;
      if (++run > MAX_WORD_LENGTH) return false;
      if (!isDigit && (c | 32) > 102) hex = false;
      continue;
    }
    if (hex && run === 2 && (c === COLON || c === DASH || c === SPACE)) {
      bytes = c === separator ? bytes + 1 : 1;
      if (bytes === 2) return false;
      separator = c;
    } else {
      if (hex && run === 8 && c === DASH) return false;
      bytes = 0;
      separator = 0;
    }
    run = 0;
    hex = true;
  }
  return true;
}

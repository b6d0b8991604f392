/** What the index keeps of a record: one row, and the words and terms it is found by. */
import { changedProperties, fold, ownTexts } from '@countersign/records';
import type { Content, Envelope, QueriedRecord } from '@countersign/records';
import type { SpelledRecord } from '../reader.ts';
import { takeApart } from './content-parts.ts';
import type { ContentParts } from './content-parts.ts';
import type { Dictionaries } from './dictionary.ts';
import { takeEnvelopeApart } from './envelope-parts.ts';
import type { EnvelopeKind } from './envelope-parts.ts';
import { Memo } from './memo.ts';
import { textOf } from './source.ts';
import type { SourceRecord } from './source.ts';
import { spelledTexts, uuidWord } from './spelled.ts';
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
export function queriedRecord({ index, envelope, contentBytes }: SourceRecord): QueriedRecord {
  const content = contentBytes === null ? null : (JSON.parse(textOf(contentBytes)) as Content);
  return { index, envelope, content };
}

/** A number of a dictionary, and what follows from its value: terms and words. */
interface Known {
  readonly id: number;
  readonly text: string;
}
interface KnownActor extends Known {
  /** Spelled as JSON, to tell permits apart. */
  readonly roles: string;
}
interface KnownOrigin extends Known {
  /** Spelled as JSON, to tell settings apart. */
  readonly interface: string;
}

const NONE: Known = { id: 0, text: '' };
const NOWHERE: KnownOrigin = { ...NONE, interface: 'null' };

type Origin = NonNullable<Content['origin']>;
/** Event's literal name and signature of an imported record, false of any other; null: erased. */
type Import = readonly [string | null, string] | false | null;
type ShapeKey = readonly [EnvelopeKind, string | null, Import];
type SettingKey = readonly [Content['source'], string | null, string | null, string | null];
type PermitKey = readonly [readonly string[], Content['authorization'] | null];

/** Builds rows, numbering what is new in the dictionaries. */
export class RowBuilder {
  readonly #dictionaries: Dictionaries;
  readonly #shapes = new Memo((key) => this.#shape(JSON.parse(key) as ShapeKey));
  readonly #actors = new Memo((key) => this.#actor(JSON.parse(key) as Content['actor']));
  readonly #origins = new Memo((key) => this.#origin(JSON.parse(key) as Origin));
  readonly #settings = new Memo((key) => this.#setting(JSON.parse(key) as SettingKey));
  readonly #permits = new Memo((key) => this.#permit(JSON.parse(key) as PermitKey));

  constructor(dictionaries: Dictionaries) {
    this.#dictionaries = dictionaries;
  }

  build({ index, envelope, content }: SpelledRecord): Row {
    const { id, seq, time, kind } = takeEnvelopeApart(envelope);
    const parts = content === null ? ERASED : takeApart(content);
    const { target, request, rest, values } = parts;
    const type = target === undefined ? 'null' : JSON.stringify(target.type);
    const shape = this.#shapes.of(`[${kind},${type},${importOf(parts)}]`);
    let [actor, origin, setting, permit, properties] = [NOBODY, NOWHERE, NONE, NONE, 0];
    let text = `${shape.text} ${uuidWord(id)}`;
    if (content !== null) {
      actor = this.#actors.of(parts.actor);
      if (parts.origin !== '') origin = this.#origins.of(parts.origin);
      const how =
        request === undefined ? 'null,null' : `"${request.type}",${JSON.stringify(request.verb)}`;
      setting = this.#settings.of(`[${parts.source},${origin.interface},${how}]`);
      if (parts.authorization !== '' || actor.roles !== '[]')
        permit = this.#permits.of(`[${actor.roles},${parts.authorization || 'null'}]`);
      text += actor.text + origin.text + setting.text + permit.text;
    }
    let targetId: string | null = null;
    let targetName: string | null = null;
    if (target !== undefined) {
      targetId = fold(target.id);
      text += ` ${objectTerm(target.type, targetId)}`;
      values.push(target.id);
      if (target.name !== undefined) {
        targetName = fold(target.name);
        values.push(target.name);
        if (hasNameTerm(targetName)) text += ` ${textTerm(TERM.targetName, targetName)}`;
      }
    }
    if (request !== undefined) values.push(request.route, request.id ?? '');
    if (rest !== undefined) {
      values.push(...ownTextsOf(rest));
      for (const object of rest.related ?? [])
        text += ` ${objectTerm(object.type, fold(object.id))}`;
      if (rest.correlation !== undefined)
        text += ` ${textTerm(TERM.correlation, fold(rest.correlation))}`;
      if (rest.before !== undefined && rest.after !== undefined) {
        const changed = changedProperties(rest.before, rest.after);
        if (changed.length > 0) {
          properties = this.#dictionaries.properties.intern(changed);
          text += ` ${idTerm(TERM.properties, properties)}`;
        }
      }
    }
    return {
      index,
      time: Date.parse(time),
      seq,
      shape: shape.id,
      who: actor.id,
      address: origin.id,
      setting: setting.id,
      permit: permit.id,
      properties,
      targetId,
      targetName,
      text: text + spelledTexts(values),
    };
  }

  #shape([envelope, targetType, imported]: ShapeKey): Known {
    const { event, category, operation, level, outcome, retention, producer } = envelope;
    const isImported = imported === null ? null : String(imported !== false);
    const [original, signature] = imported || [null, null];
    const head = [event, original, category, operation, level, outcome, retention, producer];
    const id = this.#dictionaries.shape.intern([...head, targetType, isImported, signature]);
    const parts = this.#dictionaries.shape.folded(id);
    const named = (kind: string, place: number): string[] => {
      const part = parts[place] ?? null;
      return part === null ? [] : [textTerm(kind, part)];
    };
    const terms = [
      TERM.all,
      idTerm(TERM.shape, id),
      ...named(TERM.event, 0),
      ...named(TERM.event, 1),
      ...named(TERM.category, 2),
      ...named(TERM.level, 4),
      ...named(TERM.producer, 7),
    ];
    return { id, text: terms.join(' ') };
  }

  #actor(actor: Content['actor']): KnownActor {
    const { id, name, kind, authentication, session, roles = [] } = actor;
    const method = authentication?.method ?? null;
    const who = this.#dictionaries.who.intern([id, name ?? null, method, kind]);
    const terms = [idTerm(TERM.who, who)];
    if (session !== undefined) terms.push(textTerm(TERM.session, fold(session)));
    const words = spelledTexts(ownTextsOf({ actor }));
    return { id: who, text: ` ${terms.join(' ')}${words}`, roles: JSON.stringify(roles) };
  }

  #origin(origin: Origin): KnownOrigin {
    const { address } = origin;
    const id = address === undefined ? 0 : this.#dictionaries.address.intern([address]);
    const term = id === 0 ? '' : ` ${idTerm(TERM.address, id)}`;
    const words = spelledTexts(ownTextsOf({ origin }));
    return { id, text: term + words, interface: JSON.stringify(origin.interface ?? null) };
  }

  #setting([source, place, type, verb]: SettingKey): Known {
    const { system, host = null, component = null } = source;
    const id = this.#dictionaries.setting.intern([system, host, component, place, type, verb]);
    return { id, text: ` ${idTerm(TERM.setting, id)}` };
  }

  #permit([actorRoles, authorization]: PermitKey): Known {
    const roles = new Set([...actorRoles, ...(authorization?.roles ?? [])]);
    const { resource = null, operation = null } = authorization ?? {};
    const id = this.#dictionaries.permit.intern([resource, operation, ...roles]);
    return { id, text: ` ${idTerm(TERM.permit, id)}` };
  }
}

const NOBODY: KnownActor = { ...NONE, roles: '[]' };
const ERASED = takeApart('{}');

/** See Import; spelled as JSON. */
function importOf(parts: ContentParts): string {
  if (parts === ERASED) return 'null';
  const original = parts.rest?.original;
  return original === undefined
    ? 'false'
    : JSON.stringify([original.event ?? null, original.signature]);
}

/** The own texts of some members of a content. */
function ownTextsOf(members: Partial<Content>): string[] {
  const content = { actor: {}, ...members } as Content;
  return ownTexts({ index: 0, envelope: { id: '' } as Envelope, content });
}

const typeTerms = new Map<string, string>();

/** The term of an object. What it finds has to be compared. */
export function objectTerm(type: string, foldedId: string): string {
  let ofType = typeTerms.get(type);
  if (ofType === undefined) typeTerms.set(type, (ofType = textTerm('~', type)));
  return textTerm(TERM.object, foldedId) + ofType;
}

/** Longer names are found by their words. */
const LONG_NAME = 32;

/** Whether a target is found by its name as a whole. */
export function hasNameTerm(foldedName: string): boolean {
  return foldedName.length <= LONG_NAME;
}

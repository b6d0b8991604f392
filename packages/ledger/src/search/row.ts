/** What the index keeps of a record: one row, and the words and terms it is found by. */
import { changedProperties, fold, ownTexts } from '@countersign/records';
import type { Content, Envelope, QueriedRecord } from '@countersign/records';
import { cutContent } from './content-parts.ts';
import type { Dictionaries } from './dictionary.ts';
import { Memo } from './memo.ts';
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
export function queriedRecord(record: SourceRecord): QueriedRecord {
  return {
    index: record.index,
    envelope: record.envelope,
    content:
      record.contentBytes === null ? null : (JSON.parse(textOf(record.contentBytes)) as Content),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** A content but for the parts that are remembered. */
type Rest = Omit<Content, 'actor' | 'authorization' | 'origin' | 'source'>;

/** What follows from an actor, whoever it is in. `text`: its terms and words. */
interface KnownActor {
  readonly who: number;
  readonly text: string;
  /** As JSON, to tell permits apart. */
  readonly roles: string;
}

interface KnownOrigin {
  readonly address: number;
  readonly interface: string;
  readonly text: string;
}

/** A number of a dictionary, and its term. */
interface Known {
  readonly id: number;
  readonly text: string;
}

const NONE: Known = { id: 0, text: '' };

/** Builds rows, numbering what is new in the dictionaries. */
export class RowBuilder {
  readonly #dictionaries: Dictionaries;
  /** Terms that follow from a shape, made once. */
  readonly #shapeTerms: string[] = [];
  readonly #actors = new Memo((json) => this.#actor(JSON.parse(json) as Content['actor']));
  readonly #origins = new Memo((json) => this.#origin(JSON.parse(json) as Origin));
  readonly #settings = new Memo((json) => this.#setting(JSON.parse(json) as SettingParts));
  readonly #permits = new Memo((json) => this.#permit(JSON.parse(json) as PermitParts));

  constructor(dictionaries: Dictionaries) {
    this.#dictionaries = dictionaries;
  }

  build({ index, envelope, contentBytes }: SourceRecord): Row {
    const row = {
      index,
      time: Date.parse(envelope.time),
      seq: envelope.seq,
      who: 0,
      address: 0,
      setting: 0,
      permit: 0,
      properties: 0,
      targetId: null,
      targetName: null,
    };
    const id = uuidWord(envelope.id);
    if (contentBytes === null) {
      const shape = this.#shape(envelope, null);
      return { ...row, shape, text: `${this.#termsOfShape(shape)} ${id}` };
    }
    const parts = cutContent(textOf(contentBytes));
    const rest = JSON.parse(parts.rest) as Rest;
    const { target, request } = rest;
    const shape = this.#shape(envelope, rest);
    const actor = this.#actors.of(parts.actor);
    const origin = parts.origin === '' ? NOWHERE : this.#origins.of(parts.origin);
    const setting = this.#settings.of(
      `[${parts.source},${origin.interface},${request === undefined ? 'null,null' : `"${request.type}",${JSON.stringify(request.verb)}`}]`,
    );
    const permit =
      parts.authorization === '' && actor.roles === '[]'
        ? NONE
        : this.#permits.of(`[${actor.roles},${parts.authorization || 'null'}]`);
    let text = `${this.#termsOfShape(shape)} ${id}${actor.text}${origin.text}${setting.text}${permit.text}`;
    let properties = 0;
    if (rest.before !== undefined && rest.after !== undefined) {
      const changed = changedProperties(rest.before, rest.after);
      if (changed.length > 0) {
        properties = this.#dictionaries.properties.intern(changed);
        text += ` ${idTerm(TERM.properties, properties)}`;
      }
    }
    let targetId: string | null = null;
    let targetName: string | null = null;
    if (target !== undefined) {
      targetId = fold(target.id);
      text += ` ${objectTerm(target.type, targetId)}`;
      if (target.name !== undefined) {
        targetName = fold(target.name);
        if (hasNameTerm(targetName)) text += ` ${textTerm(TERM.targetName, targetName)}`;
      }
    }
    for (const object of rest.related ?? []) text += ` ${objectTerm(object.type, fold(object.id))}`;
    if (rest.correlation !== undefined)
      text += ` ${textTerm(TERM.correlation, fold(rest.correlation))}`;
    text += spelledTexts(textsOf(rest));
    return {
      ...row,
      shape,
      who: actor.who,
      address: origin.address,
      setting: setting.id,
      permit: permit.id,
      properties,
      targetId,
      targetName,
      text,
    };
  }

  #actor(actor: Content['actor']): KnownActor {
    const { id, name, kind, authentication, session, roles = [] } = actor;
    const who = this.#dictionaries.who.intern([
      id,
      name ?? null,
      authentication?.method ?? null,
      kind,
    ]);
    const ofSession = session === undefined ? '' : ` ${textTerm(TERM.session, fold(session))}`;
    const texts = spelledTexts(textsOf({ actor }));
    return {
      who,
      text: ` ${idTerm(TERM.who, who)}${ofSession}${texts}`,
      roles: JSON.stringify(roles),
    };
  }

  #origin(origin: Origin): KnownOrigin {
    const { address } = origin;
    const id = address === undefined ? 0 : this.#dictionaries.address.intern([address]);
    const term = id === 0 ? '' : ` ${idTerm(TERM.address, id)}`;
    return {
      address: id,
      interface: JSON.stringify(origin.interface ?? null),
      text: `${term}${spelledTexts(textsOf({ origin }))}`,
    };
  }

  #setting([source, place, type, verb]: SettingParts): Known {
    const { system, host = null, component = null } = source;
    const id = this.#dictionaries.setting.intern([system, host, component, place, type, verb]);
    return { id, text: ` ${idTerm(TERM.setting, id)}` };
  }

  #permit([actorRoles, authorization]: PermitParts): Known {
    const roles = new Set([...actorRoles, ...(authorization?.roles ?? [])]);
    const id = this.#dictionaries.permit.intern([
      authorization?.resource ?? null,
      authorization?.operation ?? null,
      ...roles,
    ]);
    return { id, text: ` ${idTerm(TERM.permit, id)}` };
  }

  #shape(envelope: Envelope, rest: Rest | null): number {
    const { event, category, operation, level, outcome, retention, producer } = envelope;
    const original = rest?.original;
    return this.#dictionaries.shape.intern([
      event,
      original?.event ?? null,
      category,
      operation,
      level,
      outcome,
      retention,
      producer,
      rest?.target?.type ?? null,
      rest === null ? null : String(original !== undefined),
      original?.signature ?? null,
    ]);
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

const NOWHERE: KnownOrigin = { address: 0, interface: 'null', text: '' };

type Origin = NonNullable<Content['origin']>;
type SettingParts = [Content['source'], string | null, string | null, string | null];
type PermitParts = [readonly string[], Content['authorization'] | null];

const NOBODY = {} as Content['actor'];
const NO_ENVELOPE = { id: '' } as Envelope;

/** The own texts of some members of a content. */
function textsOf(members: Partial<Content>): string[] {
  const content = { actor: NOBODY, ...members } as Content;
  return ownTexts({ index: 0, envelope: NO_ENVELOPE, content });
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

/**
 * Dictionaries: values many records share, by number from 1 (0 is none). A value is a list of
 * strings, in the places the constants below name. `shape` is what a record is about, in the few
 * combinations there are: it is what records are counted by, and a query that asks about nothing else
 * is answered from the counts.
 */
import type { DatabaseSync } from 'node:sqlite';
import { categoryTexts, fold, words } from '@countersign/records';

export const KINDS = ['shape', 'who', 'address', 'setting', 'permit', 'properties'] as const;
export type Kind = (typeof KINDS)[number];

/** A value's parts; null where the record has none. */
export type Parts = readonly (string | null)[];

/** Query fields a shape answers, by the places in its parts. */
export const SHAPE_FIELDS: Readonly<Record<string, readonly number[]>> = {
  Event: [0, 1],
  Category: [2],
  Operation: [3],
  Level: [4],
  Outcome: [5],
  Retention: [6],
  Producer: [7],
  TargetType: [8],
  Imported: [9],
  Signature: [10],
};

/** Query fields the other dictionaries answer; `rest`: every part from that place on. */
export const DICTIONARY_FIELDS: Readonly<
  Record<string, { kind: Exclude<Kind, 'shape'>; places: readonly number[]; rest?: boolean }>
> = {
  ActingUser: { kind: 'who', places: [0, 1] },
  AuthMethod: { kind: 'who', places: [2] },
  ActorKind: { kind: 'who', places: [3] },
  Address: { kind: 'address', places: [0] },
  System: { kind: 'setting', places: [0] },
  Host: { kind: 'setting', places: [1] },
  Component: { kind: 'setting', places: [2] },
  Interface: { kind: 'setting', places: [3] },
  RequestType: { kind: 'setting', places: [4] },
  Verb: { kind: 'setting', places: [5] },
  Resource: { kind: 'permit', places: [0] },
  Op: { kind: 'permit', places: [1] },
  Role: { kind: 'permit', places: [2], rest: true },
  Property: { kind: 'properties', places: [0], rest: true },
};

/**
 * Parts that free text finds. Their words are not indexed with every record: a word is looked up here,
 * and stands for the values that hold it. Only kinds with few values are searched so.
 */
export const WORD_KINDS = ['shape', 'setting', 'permit'] as const;

function textsOf(kind: Kind, parts: Parts): string[] {
  switch (kind) {
    case 'shape': {
      const [event, original, category, operation, , , , producer, targetType] = parts;
      const ofCategory = category === null || category === undefined ? [] : categoryTexts(category);
      return [event, original, operation, producer, targetType, ...ofCategory].filter(
        (t) => typeof t === 'string',
      );
    }
    case 'setting':
      return [parts[0], parts[1], parts[2], parts[5]].filter((t) => typeof t === 'string');
    case 'permit':
      return parts.filter((t) => t !== null);
    case 'who':
    case 'address':
    case 'properties':
      return [];
  }
}

/** The parts of a value a field reads. */
export function partsOf(field: string, parts: Parts): string[] {
  const shape = SHAPE_FIELDS[field];
  const other = DICTIONARY_FIELDS[field];
  const places = shape ?? other?.places ?? [];
  const read = other?.rest === true ? parts.slice(places[0]) : places.map((i) => parts[i] ?? null);
  return read.filter((p) => p !== null);
}

/** What stands for a value that was forgotten: its number is never given again. */
export const FORGOTTEN: Parts = [];

/** Values by number, kept in memory by both threads. */
export class Dictionary {
  readonly kind: Kind;
  readonly #ids = new Map<string, number>();
  #values: Parts[] = [];
  #folded: Parts[] = [];
  readonly #words = new Map<string, number[]>();
  #counts: number[] = [];
  /** Values whose words are known. */
  #worded = 0;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** The greatest number given. */
  get size(): number {
    return this.#values.length;
  }

  /** The number of a value, given now if it is new. */
  intern(parts: Parts): number {
    const key = keyOf(parts);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    this.#values.push(parts);
    this.#ids.set(key, this.#values.length);
    return this.#values.length;
  }

  value(id: number): Parts {
    return this.#values[id - 1]!;
  }

  /** Takes a value out that no record has any more. */
  forget(id: number): void {
    this.#ids.delete(keyOf(this.value(id)));
    this.#values[id - 1] = FORGOTTEN;
    this.#forgetDerived();
  }

  /** Forgets everything: `refresh` reads what there is. */
  clear(): void {
    this.#ids.clear();
    this.#values = [];
    this.#counts = [];
    this.#forgetDerived();
  }

  #forgetDerived(): void {
    this.#folded = [];
    this.#words.clear();
    this.#worded = 0;
  }

  /** The value folded in case. */
  folded(id: number): Parts {
    for (let i = this.#folded.length; i < id; i++) {
      this.#folded.push(this.#values[i]!.map((p) => (p === null ? null : fold(p))));
    }
    return this.#folded[id - 1]!;
  }

  /** Numbers of the values with a word, or with one that begins so. */
  withWord(word: string, prefix: boolean): number[] {
    for (; this.#worded < this.size; this.#worded++) {
      for (const w of new Set(textsOf(this.kind, this.#values[this.#worded]!).flatMap(words))) {
        const ids = this.#words.get(w);
        if (ids === undefined) this.#words.set(w, [this.#worded + 1]);
        else ids.push(this.#worded + 1);
      }
    }
    if (!prefix) return this.#words.get(word) ?? [];
    const ids = new Set<number>();
    for (const [w, found] of this.#words)
      if (w.startsWith(word)) for (const id of found) ids.add(id);
    return [...ids];
  }

  /** Numbers of the values the test holds for. */
  filter(test: (folded: Parts) => boolean): number[] {
    const ids: number[] = [];
    for (let id = 1; id <= this.size; id++) if (test(this.folded(id))) ids.push(id);
    return ids;
  }

  /** Records with one of these values, as of the last `refreshCounts`. */
  recordsWith(ids: Iterable<number>): number {
    let sum = 0;
    for (const id of ids) sum += this.#counts[id] ?? 0;
    return sum;
  }

  /** Records with any value. */
  get records(): number {
    return this.recordsWith(this.#counts.keys());
  }

  /** Reads how many records have each value. */
  refreshCounts(db: DatabaseSync): void {
    const rows = db
      .prepare('SELECT id, count FROM dictionary WHERE kind = ?')
      .all(KINDS.indexOf(this.kind)) as { id: number; count: number }[];
    for (const { id, count } of rows) this.#counts[id] = count;
  }

  /** Reads values added since the last time. */
  refresh(db: DatabaseSync): void {
    const rows = db
      .prepare('SELECT id, value FROM dictionary WHERE kind = ? AND id > ? ORDER BY id')
      .all(KINDS.indexOf(this.kind), this.size) as { id: number; value: string }[];
    for (const { id, value } of rows) {
      const parts = JSON.parse(value) as Parts;
      if (parts.length === 0) this.#values.push(FORGOTTEN);
      else this.intern(parts);
      if (this.size !== id) throw new Error('bad math in Dictionary.refresh');
    }
  }
}

/** One key for one value: no part holds the separator unless all are spelled as JSON. */
function keyOf(parts: Parts): string {
  let key = '';
  for (const part of parts) {
    if (part === null) key += '\u0001\0';
    else if (part.includes('\0') || part.startsWith('\u0001'))
      return `\u0002${JSON.stringify(parts)}`;
    else key += `${part}\0`;
  }
  return key;
}

export type Dictionaries = Readonly<Record<Kind, Dictionary>>;

export function newDictionaries(): Dictionaries {
  const made = KINDS.map((kind) => [kind, new Dictionary(kind)] as const);
  return Object.fromEntries(made) as Record<Kind, Dictionary>;
}

import { fold } from '@countersign/records';
import type { StateReader } from '../../database/schema.ts';
import { oneOf } from './columns.ts';
import { fits, whenPresent, type CertificateCondition, type Leaf } from './condition.ts';

/** Columns that hold few values, each shared by many certificates, by the fields that ask about them. */
export const VOCABULARIES = {
  Template: 'template',
  Requester: 'requester',
  Owner: 'owner_role',
  Issuer: 'issuer',
  Authority: 'authority',
} as const;

type VocabularyColumn = (typeof VOCABULARIES)[keyof typeof VOCABULARIES];

/** What certificates have in such a column, and what it goes by. */
interface Shared {
  readonly value: string;
  readonly names: readonly string[];
}

/** What certificates have in such columns at one moment, each looked up once. */
export class Vocabularies {
  readonly #db: StateReader;
  readonly #known = new Map<VocabularyColumn, Promise<Shared[]>>();
  constructor(db: StateReader) {
    this.#db = db;
  }

  /** The values of a column. */
  async of(column: VocabularyColumn): Promise<readonly Shared[]> {
    let values = this.#known.get(column);
    if (values === undefined) this.#known.set(column, (values = this.#read(column)));
    return await values;
  }

  async #read(column: VocabularyColumn): Promise<Shared[]> {
    if (column === 'authority') {
      const rows = await this.#db.selectFrom('authorities').select(['id', 'name']).execute();
      return rows.map(({ id, name }) => ({ value: id, names: [id, name] }));
    }
    const rows = await this.#db
      .selectFrom('certificates')
      .select(column)
      .distinct()
      .where(column, 'is not', null)
      .execute();
    return rows.map((row) => {
      const value = row[column] ?? '';
      return { value, names: [value] };
    });
  }
}

/** A field whose values many certificates share: those that fit are found here, equal ones by the database. */
export async function sharedValue(
  vocabularies: Vocabularies,
  column: VocabularyColumn,
  leaf: Leaf,
): Promise<CertificateCondition> {
  if (leaf.kind === 'present') return (eb) => eb(column, 'is not', null);
  const wanted = column === 'issuer' ? unspaced(leaf) : leaf;
  const fitting = (await vocabularies.of(column))
    .filter(({ names }) => names.some((name) => fits(wanted, fold(name))))
    .map(({ value }) => value);
  return whenPresent(column, oneOf(column, fitting));
}

function unspaced(leaf: Leaf): Leaf {
  return leaf.kind === 'string' ? { ...leaf, value: withoutBlanks(leaf.value) } : leaf;
}

/** A name without blanks behind its commas, as names are kept; escaped commas are part of a value. */
export function withoutBlanks(name: string): string {
  return name.replaceAll(/(?<!\\), +/g, ',');
}

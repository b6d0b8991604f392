import { findSecret, isProducerName } from '@countersign/records';
import type { State } from '../database/open.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { faultyParameter, ServerError } from '../errors.ts';
import { OWN_PRODUCER } from '../recording/recorder.ts';
import { generateToken, hashToken } from './tokens.ts';

/** Longest time a token that another process has just created is not known yet, in milliseconds. */
const NEGATIVE_CACHE_MS = 500;
const MAX_NEGATIVE = 1_000;

/** Who may append: producers by the hash of their token, held in memory, read anew when state.db has changed. */
export class Producers {
  readonly #state: State;
  readonly #owners = new Map<string, string>();
  readonly #unknown = new Map<string, number>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Reads all producers; called at the start and when another process has changed state.db. */
  async load(): Promise<void> {
    const rows = await this.#state.db
      .selectFrom('producers')
      .select(['name', 'token_hash'])
      .where('disabled', '=', 0)
      .execute();
    this.#owners.clear();
    this.#unknown.clear();
    for (const row of rows) this.#owners.set(row.token_hash, row.name);
  }

  /** The producer a token belongs to, or null. Looked up by hash: comparing tells nothing about other tokens. */
  async ownerOf(token: string): Promise<string | null> {
    const tokenHash = hashToken(token);
    const owner = this.#owners.get(tokenHash);
    if (owner !== undefined) return owner;
    const missed = this.#unknown.get(tokenHash);
    if (missed !== undefined && performance.now() - missed < NEGATIVE_CACHE_MS) return null;
    // The command line may have created it a moment ago.
    await this.load();
    if (this.#unknown.size >= MAX_NEGATIVE) this.#unknown.clear();
    const found = this.#owners.get(tokenHash) ?? null;
    if (found === null) this.#unknown.set(tokenHash, performance.now());
    return found;
  }

  /** The names of those who may append. */
  names(): string[] {
    return [...this.#owners.values()];
  }

  /** Makes a freshly created producer known. */
  learn(name: string, token: string): void {
    this.#owners.set(hashToken(token), name);
  }
}

/** Writes a new producer and returns its token, which is not kept. Throws `already_exists`, or for a faulty name. */
export async function insertProducer(
  tx: StateTransaction,
  producer: { name: string; createdBy: string; now: Date },
): Promise<string> {
  const { name } = producer;
  if (!isProducerName(name)) {
    throw faultyParameter(
      'name',
      'lower-case letters, digits, ".", "_" and "-", 64 at most',
      name.slice(0, 80),
    );
  }
  if (findSecret(name) !== null)
    throw faultyParameter('name', 'nothing that looks like a secret', 'such a name');
  if (name === OWN_PRODUCER) {
    throw new ServerError('already_exists', `the name "${OWN_PRODUCER}" is the server's own`);
  }
  if (await hasProducer(tx, name))
    throw new ServerError('already_exists', `producer "${name}" exists already`);
  const token = generateToken();
  await tx
    .insertInto('producers')
    .values({
      name,
      token_hash: hashToken(token),
      created_at: producer.now.toISOString(),
      created_by: producer.createdBy,
      disabled: 0,
    })
    .execute();
  return token;
}

/** Whether a producer of that name is registered. */
export async function hasProducer(db: StateReader, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('producers')
    .select('name')
    .where('name', '=', name)
    .executeTakeFirst();
  return row !== undefined;
}

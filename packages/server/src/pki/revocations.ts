import type { KeyObject } from 'node:crypto';
import { readCrl, verifyCrl } from '../ca/crl.ts';
import { DerError } from '../ca/der.ts';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import type { Logger } from '../logger.ts';
import { readIfThere, writeWhole } from './files.ts';
import { issueRevocationList, type Revoked } from './issue.ts';
import { pkiPaths, type Pki } from './pki.ts';

/** One list in a PEM file. */
const LIST = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g;

/**
 * The certificates of the built-in authority that are revoked: kept in state.db with the change that revoked them, and
 * published as `ca.crl`, which the HTTPS listener takes up. What an operator has put into that file stays in it.
 */
export class Revocations {
  readonly #file: string;
  readonly #pki: Pki;
  readonly #clock: () => Date;
  readonly #logger: Logger;
  readonly #renew: () => Promise<void>;
  /** Lists are written one after another. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: {
    keysDir: string;
    pki: Pki;
    clock: () => Date;
    logger: Logger;
    /** Has the listener take up what has changed. */
    renew: () => Promise<void>;
  }) {
    this.#file = pkiPaths(parts.keysDir).revocations;
    this.#pki = parts.pki;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#renew = parts.renew;
  }

  /** Revokes certificates of the built-in authority, by decimal serial number, in a transaction; `publish` comes after it. */
  async add(tx: StateTransaction, serials: readonly string[]): Promise<void> {
    const revoked_at = this.#clock().toISOString();
    for (const serial of serials) {
      await tx
        .insertInto('revocations')
        .values({ serial, revoked_at })
        .onConflict((conflict) => conflict.column('serial').doNothing())
        .execute();
    }
  }

  /**
   * Brings `ca.crl` and the listener up to what is revoked. Fails by a line in the log: the certificate is nobody's any
   * more in any case, and the next start tries again.
   */
  async publish(db: StateReader): Promise<void> {
    const turn = this.#turn.then(async () => await this.#write(db));
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#logger.error('the revocation list could not be written', {
        file: this.#file,
        error: why,
      });
    }
  }

  async #write(db: StateReader): Promise<void> {
    const rows = await db.selectFrom('revocations').selectAll().orderBy('serial').execute();
    if (rows.length === 0) return;
    const { own, others } = await this.#read();
    const revoked = new Map(own.map((one) => [one.serial, one]));
    if (rows.every(({ serial }) => revoked.has(serial))) return;
    if (this.#pki.issuer === null) {
      this.#logger.warn('the revocation list cannot be written without the key of its authority', {
        file: this.#file,
      });
      return;
    }
    for (const { serial, revoked_at } of rows) {
      if (!revoked.has(serial)) revoked.set(serial, { serial, at: new Date(revoked_at) });
    }
    const list = await issueRevocationList(this.#pki.issuer, [...revoked.values()], this.#clock());
    await writeWhole(this.#file, [list, ...others].join(''), 0o644);
    await this.#renew();
  }

  /** What is in the file: the entries of our authority's list, and the lists of others as they are. */
  async #read(): Promise<{ own: Revoked[]; others: string[] }> {
    const own: Revoked[] = [];
    const others: string[] = [];
    for (const [pem, base64 = ''] of ((await readIfThere(this.#file)) ?? '').matchAll(LIST)) {
      const list = await readOwn(Buffer.from(base64, 'base64'), this.#pki.authority.publicKey);
      if (list === null) others.push(`${pem}\n`);
      else own.push(...list);
    }
    return { own, others };
  }
}

/** The entries of a list that this key has signed; null: another has. */
async function readOwn(der: Uint8Array, key: KeyObject): Promise<Revoked[] | null> {
  try {
    if (!(await verifyCrl(der, key))) return null;
    return readCrl(der).entries.map(({ serial, revokedAt }) => ({
      serial: BigInt(`0x${serial}`).toString(),
      at: revokedAt,
    }));
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

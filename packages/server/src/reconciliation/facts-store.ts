import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A certificate as the log has it. */
export interface CertificateFact {
  readonly fingerprint: string;
  /** False: it was deleted. */
  readonly alive: boolean;
  /** The record that says how it came. */
  readonly born: number | null;
  /** The record that says what it is now. */
  readonly last: number | null;
  /** JSON: what that record says. */
  readonly model: string;
}

/** A revocation list as the log has it. */
export interface ListFact {
  readonly authority: string;
  readonly number: number;
  readonly kind: 'full' | 'delta';
  readonly fingerprint: string;
  readonly index: number | null;
}

/** What has become of a certificate's revocation, as the log has it. */
export interface RevocationFact {
  readonly authority: string;
  readonly serial: string;
  readonly state: string;
  readonly revokedAt: string | null;
  readonly reason: number | null;
  readonly index: number | null;
}

/**
 * What the log says, by object. It lies in a database of its own that nobody else sees and that is gone when it is
 * closed, so that a log of millions takes no more memory than a small one.
 */
export class FactsStore implements Disposable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor() {
    // An empty name is a temporary file of SQLite's.
    this.#db = new DatabaseSync('');
    this.#db.exec(`
      create table certificates (fingerprint text primary key, alive integer not null, born integer, last integer, model text not null, seen integer not null) without rowid;
      create table lists (authority text, number integer, kind text not null, fingerprint text not null, at integer, seen integer not null, primary key (authority, number)) without rowid;
      create table revocations (authority text, serial text, state text not null, revoked_at text, reason integer, at integer, seen integer not null, primary key (authority, serial)) without rowid;
      begin;
    `);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  /** What comes from here on is forgotten by `rewind`. */
  mark(): void {
    this.#db.exec('savepoint mark');
  }

  rewind(): void {
    this.#db.exec('rollback to mark; release mark');
  }

  certificate(fingerprint: string): CertificateFact | null {
    const row = this.#sql('select * from certificates where fingerprint = ?').get(fingerprint);
    return row === undefined ? null : certificateOf(row);
  }

  setCertificate({ fingerprint, alive, born, last, model }: CertificateFact): void {
    this.#sql('insert or replace into certificates values (?, ?, ?, ?, ?, 0)').run(
      fingerprint,
      alive ? 1 : 0,
      born,
      last,
      model,
    );
  }

  list(authority: string, number: number): ListFact | null {
    const row = this.#sql('select * from lists where authority = ? and number = ?').get(
      authority,
      number,
    );
    return row === undefined ? null : listOf(row);
  }

  setList({ authority, number, kind, fingerprint, index }: ListFact): void {
    this.#sql('insert or replace into lists values (?, ?, ?, ?, ?, 0)').run(
      authority,
      number,
      kind,
      fingerprint,
      index,
    );
  }

  revocation(authority: string, serial: string): RevocationFact | null {
    const row = this.#sql('select * from revocations where authority = ? and serial = ?').get(
      authority,
      serial,
    );
    return row === undefined ? null : revocationOf(row);
  }

  setRevocation({ authority, serial, state, revokedAt, reason, index }: RevocationFact): void {
    this.#sql('insert or replace into revocations values (?, ?, ?, ?, ?, ?, 0)').run(
      authority,
      serial,
      state,
      revokedAt,
      reason,
      index,
    );
  }

  /** An authority was deleted: its lists and what they said are gone with it. */
  forgetAuthority(authority: string): void {
    this.#sql('delete from lists where authority = ?').run(authority);
    this.#sql('delete from revocations where authority = ?').run(authority);
  }

  seenCertificate(fingerprint: string): void {
    this.#sql('update certificates set seen = 1 where fingerprint = ?').run(fingerprint);
  }

  seenList(authority: string, number: number): void {
    this.#sql('update lists set seen = 1 where authority = ? and number = ?').run(
      authority,
      number,
    );
  }

  seenRevocation(authority: string, serial: string): void {
    this.#sql('update revocations set seen = 1 where authority = ? and serial = ?').run(
      authority,
      serial,
    );
  }

  /** Certificates that are there by the log, and were not seen. */
  *unseenCertificates(): Iterable<CertificateFact> {
    const rows = this.#sql('select * from certificates where alive = 1 and seen = 0').iterate();
    for (const row of rows) yield certificateOf(row);
  }

  *unseenLists(): Iterable<ListFact> {
    for (const row of this.#sql('select * from lists where seen = 0').iterate()) yield listOf(row);
  }

  *unseenRevocations(): Iterable<RevocationFact> {
    const rows = this.#sql('select * from revocations where seen = 0').iterate();
    for (const row of rows) yield revocationOf(row);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

type Row = Record<string, unknown>;

function certificateOf(row: Row): CertificateFact {
  return {
    fingerprint: String(row['fingerprint']),
    alive: row['alive'] === 1,
    born: row['born'] as number | null,
    last: row['last'] as number | null,
    model: String(row['model']),
  };
}

function listOf(row: Row): ListFact {
  return {
    authority: String(row['authority']),
    number: Number(row['number']),
    kind: row['kind'] as ListFact['kind'],
    fingerprint: String(row['fingerprint']),
    index: row['at'] as number | null,
  };
}

function revocationOf(row: Row): RevocationFact {
  return {
    authority: String(row['authority']),
    serial: String(row['serial']),
    state: String(row['state']),
    revokedAt: row['revoked_at'] as string | null,
    reason: row['reason'] as number | null,
    index: row['at'] as number | null,
  };
}

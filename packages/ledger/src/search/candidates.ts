/** Runs a plan against a range of places. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Range } from './places.ts';
import type { Plan } from './plan.ts';
import type { Order } from './types.ts';

/** Statements kept prepared; queries repeat their form as one types and pages. */
const MAX_STATEMENTS = 64;

export class Candidates {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Indexes of candidates in the range, in order, at most `limit`. */
  indexes(plan: Plan, range: Range, order: Order, limit: number): number[] {
    const rows = this.#run(
      plan,
      range,
      (id) => `SELECT ${id}`,
      (id) => `ORDER BY ${id} ${order === 'asc' ? 'ASC' : 'DESC'} LIMIT ?`,
      [limit],
      plan.residual !== undefined,
    );
    return rows.map((r) => r[0]!);
  }

  /** How many candidates the range has; with `most`, it stops counting there. */
  count(plan: Plan, range: Range, most?: number): number {
    const withRows = plan.residual !== undefined;
    if (most === undefined)
      return this.#run(
        plan,
        range,
        () => 'SELECT count(*)',
        () => '',
        [],
        withRows,
      )[0]![0]!;
    return this.#run(
      plan,
      range,
      (id) => `SELECT ${id}`,
      () => 'LIMIT ?',
      [most],
      withRows,
    ).length;
  }

  /** Columns of the candidates' rows in the range, of `most` of them at most. */
  rows(plan: Plan, range: Range, columns: readonly string[], most = -1): number[][] {
    const select = `SELECT ${columns.map((c) => `e.${c}`).join(', ')}`;
    return this.#run(
      plan,
      range,
      () => select,
      () => 'LIMIT ?',
      [most],
      true,
    );
  }

  #run(
    plan: Plan,
    range: Range,
    select: (id: string) => string,
    tail: (id: string) => string,
    tailParameters: readonly number[],
    withRows: boolean,
  ): number[][] {
    const residual = plan.residual === undefined ? '' : `AND (${plan.residual.sql})`;
    const residualParameters = plan.residual?.parameters ?? [];
    if (plan.match === undefined) {
      // Written so that the planner has one way: the table's own order, or the times.
      const index = plan.byTime ? 'INDEXED BY entry_time' : 'NOT INDEXED';
      const sql = `${select('e.idx')} FROM entry e ${index} WHERE e.idx >= ? AND e.idx < ? ${residual} ${tail('e.idx')}`;
      return this.#all(sql, [range.from, range.to, ...residualParameters, ...tailParameters]);
    }
    // CROSS JOIN: the list first, then the rows it names.
    const rows = withRows ? 'CROSS JOIN entry e ON e.idx = w.rowid' : '';
    const sql = `${select('w.rowid')} FROM words w ${rows} WHERE w.words MATCH ? AND w.rowid >= ? AND w.rowid <= ? ${residual} ${tail('w.rowid')}`;
    return this.#all(sql, [
      plan.match,
      range.from,
      range.to - 1,
      ...residualParameters,
      ...tailParameters,
    ]);
  }

  #all(sql: string, parameters: readonly SQLInputValue[]): number[][] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement.all(...parameters) as unknown as number[][];
  }
}

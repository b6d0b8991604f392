import {
  DeleteQueryNode,
  InsertQueryNode,
  MergeQueryNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  type KyselyPlugin,
  type OperationNode,
  type WithNode,
} from 'kysely';
import type { StateSchema, StateTransaction } from '../database/schema.ts';

/**
 * Tables in which the server keeps count for itself; what is worth telling about them is recorded by itself, when it
 * happens. Everything else changes with a record or not at all.
 */
const BOOKKEEPING: ReadonlySet<string> = new Set<keyof StateSchema>([
  'outbox',
  // When a session was last used; its beginning and end are records.
  'sessions',
  // Failures counted by user name; each failure is a record, and so is the lock.
  'lockouts',
  // Messages on their way and what was warned of; every attempt to send one is a record.
  'alert_deliveries',
  'alert_warnings',
  // When alerts are looked for next; the schedule itself changes with a record.
  'alert_runs',
]);

/** A transaction, and the audited tables that statements run through it have changed. */
export function watchChanges(transaction: StateTransaction): {
  readonly db: StateTransaction;
  readonly changed: ReadonlySet<string>;
} {
  const changed = new Set<string>();
  const watch: KyselyPlugin = {
    transformQuery({ node }) {
      for (const table of changedTables(node)) if (!BOOKKEEPING.has(table)) changed.add(table);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { db: transaction.withPlugin(watch), changed };
}

/** The tables that a statement changes, by itself and by those it begins `with`. */
function* changedTables(node: OperationNode): Iterable<string> {
  const table = changedTable(node);
  if (table !== null) yield table;
  for (const { expression } of withOf(node)?.expressions ?? []) yield* changedTables(expression);
}

function withOf(node: OperationNode): WithNode | undefined {
  const isQuery =
    SelectQueryNode.is(node) ||
    InsertQueryNode.is(node) ||
    MergeQueryNode.is(node) ||
    UpdateQueryNode.is(node) ||
    DeleteQueryNode.is(node);
  return isQuery ? node.with : undefined;
}

/** The table that a statement changes; a statement of unknown kind counts as a change by its kind's name. */
function changedTable(node: OperationNode): string | null {
  if (SelectQueryNode.is(node)) return null;
  if (InsertQueryNode.is(node)) return tableName(node.into);
  if (MergeQueryNode.is(node)) return tableName(node.into);
  if (UpdateQueryNode.is(node)) return tableName(node.table);
  if (DeleteQueryNode.is(node)) return tableName(node.from.froms[0]);
  return node.kind;
}

function tableName(node: OperationNode | undefined): string {
  if (node !== undefined && TableNode.is(node)) return node.table.identifier.name;
  return node?.kind ?? 'unknown';
}

/** Throws when something has changed and nothing says so: the transaction is rolled back. */
export function assertRecorded(changed: ReadonlySet<string>, recorded: boolean): void {
  if (recorded || changed.size === 0) return;
  throw new Error(`unaudited: ${[...changed].join(', ')} changed without a record`);
}

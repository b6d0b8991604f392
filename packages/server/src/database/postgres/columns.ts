import {
  type ColumnDefinitionNode,
  DataTypeNode,
  GeneratedNode,
  OperationNodeTransformer,
  RawNode,
  type KyselyPlugin,
  type OperationNode,
} from 'kysely';

/**
 * Makes the columns of the migrations what they are in SQLite:
 * an `integer` has 64 bits; one that counts up by itself is an identity; a `text` is ordered and compared by its bytes,
 * whatever the database's locale.
 */
class SameColumns extends OperationNodeTransformer {
  protected override transformColumnDefinition(
    node: ColumnDefinitionNode,
    queryId?: { readonly queryId: string },
  ): ColumnDefinitionNode {
    const { autoIncrement, ...column } = super.transformColumnDefinition(node, queryId);
    const dataType = sameType(column.dataType);
    if (autoIncrement !== true) return { ...column, dataType };
    const generated = GeneratedNode.create({ identity: true, byDefault: true });
    return { ...column, dataType, generated };
  }
}

function sameType(type: OperationNode): OperationNode {
  if (!DataTypeNode.is(type)) return type;
  if (type.dataType === 'integer') return DataTypeNode.create('bigint');
  if (type.dataType === 'text') return RawNode.createWithSql('text collate "C"');
  return type;
}

/** For the connection that runs the migrations on PostgreSQL. */
export const SAME_COLUMNS: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => new SameColumns().transformNode(node, queryId),
  transformResult: async ({ result }) => result,
};

import type { Connection } from "@supabase/lite";
import {
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  PrimitiveValueListNode,
  ValueListNode,
  ValuesNode,
} from "kysely";

/**
 * Leaves the number of a refresh token to the database, as GoTrue does: lite gives it a UUID, which
 * auth.refresh_tokens.id, a bigint, does not take. Nothing reads the one that lite made up.
 */
export function databaseNumbersTokens(connection: Connection): void {
  connection.kysely = connection.kysely.withPlugin(PLUGIN);
}

class WithoutTokenId extends OperationNodeTransformer {
  protected override transformInsertQuery(node: InsertQueryNode) {
    const table = node.into?.table.identifier.name;
    const index = node.columns?.findIndex((it) => it.column.name === "id") ??
      -1;
    if (table !== "refresh_tokens" || index < 0) return node;
    const without = <T>(all: readonly T[]) => all.toSpliced(index, 1);
    return {
      ...node,
      columns: without(node.columns ?? []),
      values: node.values && withoutValue(node.values, without),
    };
  }
}

function withoutValue(
  values: OperationNode,
  without: <T>(all: readonly T[]) => T[],
): OperationNode {
  if (!ValuesNode.is(values)) return values;
  return ValuesNode.create(
    values.values.map((row) =>
      PrimitiveValueListNode.is(row)
        ? PrimitiveValueListNode.create(without(row.values))
        : ValueListNode.create(without(row.values))
    ),
  );
}

const TRANSFORMER = new WithoutTokenId();
const PLUGIN: KyselyPlugin = {
  transformQuery: ({ node }) => TRANSFORMER.transformNode(node),
  transformResult: ({ result }) => Promise.resolve(result),
};

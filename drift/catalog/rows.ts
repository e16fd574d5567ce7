import * as z from "zod/mini";

const Text = z.string();
const Texts = z.array(Text);
const Id = z.coerce.number();

/** A table, view or composite type of any schema: views of exposed ones are followed into the others. */
export const RelationRow = z.object({
  id: Id,
  schema: Text,
  name: Text,
  is_view: z.boolean(),
  is_composite: z.boolean(),
  updatable: z.number(),
  rule: z.nullable(Text),
});

export const ColumnRow = z.object({
  relation: Id,
  position: z.number(),
  name: Text,
  type: Text,
  not_null: z.boolean(),
  has_default: z.boolean(),
  generated: z.boolean(),
  writable: z.boolean(),
  labels: z.nullable(Texts),
  checks: z.nullable(Texts),
  grants: z.nullable(Texts),
});

export const KeyRow = z.object({
  relation: Id,
  primary: z.boolean(),
  constrained: z.boolean(),
  columns: Texts,
});

export const ForeignKeyRow = z.object({
  relation: Id,
  name: Text,
  columns: Texts,
  referenced: Id,
  referenced_columns: Texts,
});

export const FunctionRow = z.object({
  schema: Text,
  name: Text,
  args: z.array(
    z.object({
      name: Text,
      type: Text,
      has_default: z.boolean(),
      labels: z.nullable(Texts),
      relation: z.nullable(Id),
    }),
  ),
  outputs: z.array(
    z.object({ name: Text, type: Text, labels: z.nullable(Texts) }),
  ),
  returns_set: z.boolean(),
  one_row: z.boolean(),
  returns_type: Text,
  returns_labels: z.nullable(Texts),
  returns_relation: z.nullable(Id),
  grants: Texts,
});

export const EnumRow = z.object({ schema: Text, name: Text, labels: Texts });

export const TriggerRow = z.object({
  relation: Id,
  on_insert: z.boolean(),
  on_update: z.boolean(),
  source: Text,
});

export const GrantRow = z.object({
  relation: Id,
  role: z.enum(["anon", "authenticated", "service_role"]),
});

/** What the queries answer, before it is put together: JSON, and so kept in the cache. */
export const CatalogRows = z.object({
  schemas: Texts,
  relations: z.array(RelationRow),
  columns: z.array(ColumnRow),
  keys: z.array(KeyRow),
  foreignKeys: z.array(ForeignKeyRow),
  functions: z.array(FunctionRow),
  enums: z.array(EnumRow),
  triggers: z.array(TriggerRow),
  deletes: z.array(GrantRow),
});
export type CatalogRows = z.infer<typeof CatalogRows>;

import { ambiguousFunction } from "./ambiguous_function.ts";
import { ambiguousRelationship } from "./ambiguous_relationship.ts";
import { embedByTable } from "./embed_by_table.ts";
import { generatedColumn } from "./generated_column.ts";
import { ignoredError } from "./ignored_error.ts";
import { invalidCheckValue } from "./invalid_check_value.ts";
import { invalidEnumValue } from "./invalid_enum_value.ts";
import { invalidFilter } from "./invalid_filter.ts";
import { invalidSelect } from "./invalid_select.ts";
import { missingArgument } from "./missing_argument.ts";
import { missingRequired } from "./missing_required.ts";
import { noRelationship } from "./no_relationship.ts";
import { notGranted } from "./not_granted.ts";
import { notWritable } from "./not_writable.ts";
import { noUniqueKey } from "./no_unique_key.ts";
import { nullInNotNull } from "./null_in_not_null.ts";
import type { Rule } from "./rule.ts";
import { typeMismatch } from "./type_mismatch.ts";
import { unboundedSelect } from "./unbounded_select.ts";
import { unexposedSchema } from "./unexposed_schema.ts";
import { unknownArgument } from "./unknown_argument.ts";
import { unknownColumn } from "./unknown_column.ts";
import { unknownFunction } from "./unknown_function.ts";
import { unknownTable } from "./unknown_table.ts";
import { untypedClient } from "./untyped_client.ts";
import { wrongCardinality } from "./wrong_cardinality.ts";

/** Every rule on code, in the order of drift/rules/README.md. */
export const RULES: readonly Rule[] = [
  unexposedSchema,
  unknownTable,
  unknownColumn,
  unknownFunction,
  unknownArgument,
  missingArgument,
  ambiguousFunction,
  invalidSelect,
  invalidFilter,
  noRelationship,
  ambiguousRelationship,
  wrongCardinality,
  invalidEnumValue,
  invalidCheckValue,
  typeMismatch,
  nullInNotNull,
  missingRequired,
  generatedColumn,
  notWritable,
  noUniqueKey,
  notGranted,
  ignoredError,
  untypedClient,
  unboundedSelect,
  embedByTable,
];

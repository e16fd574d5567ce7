import { columns } from "./columns.ts";
import { functions } from "./functions.ts";
import { grants } from "./grants.ts";
import { indexes } from "./indexes.ts";
import { keys } from "./keys.ts";
import type { Kind } from "./kind.ts";
import { policies } from "./policies.ts";
import { tables } from "./tables.ts";
import { triggers } from "./triggers.ts";
import { types } from "./types.ts";
import { views } from "./views.ts";

/** In the order of the report. Jobs are apart: not every database can hold them. */
export const KINDS: readonly Kind[] = [
  tables,
  columns,
  types,
  keys,
  indexes,
  views,
  functions,
  triggers,
  policies,
  grants,
];

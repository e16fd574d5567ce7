import type { Kind } from "../../drift/live/kind.ts";
import { KINDS as LIVE } from "../../drift/live/kinds.ts";
import { comments } from "./kinds/comments.ts";
import { defaultPrivileges, grants } from "./kinds/grants.ts";
import { owners } from "./kinds/owners.ts";
import {
  eventTriggers,
  extensions,
  others,
  publications,
  settings,
} from "./kinds/rest.ts";
import { schemas } from "./kinds/schemas.ts";
import { columnStorage, sequences, storage } from "./kinds/storage.ts";

/**
 * All that two databases of our own making are compared by. `drift --live` compares less: what Supabase
 * and its dashboard set on a deployed one is not ours to call a difference.
 */
export const KINDS: readonly Kind[] = [
  schemas,
  ...LIVE.filter(({ name }) => name !== "grant"), // of the API's roles alone
  storage,
  columnStorage,
  sequences,
  grants,
  defaultPrivileges,
  owners,
  comments,
  settings,
  publications,
  extensions,
  eventTriggers,
  others,
];

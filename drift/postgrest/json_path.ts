import type { Cursor } from "./cursor.ts";

/** What a path ends in: `->` is JSON, `->>` text. */
export type JsonPath = "json" | "text" | undefined;

/** Reads `->a->0->>b`, whose keys no catalog knows. */
export function jsonPath(cursor: Cursor): JsonPath {
  let result: JsonPath;
  while (cursor.at("->")) {
    result = cursor.take("->>") ? "text" : "json";
    if (result === "json") cursor.expect("->");
    cursor.name("a JSON key or index");
  }
  return result;
}

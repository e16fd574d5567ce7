import type { Catalog } from "../../../drift/catalog/catalog.ts";
import { scanFile } from "../../../drift/code/scan.ts";
import { positionOf } from "../../../drift/code/position.ts";
import { corpusCatalog } from "../../../drift/corpus/catalog.ts";
import { judge } from "../../../drift/rules/judge.ts";
import type { Found } from "../../../drift/rules/rule.ts";

/** Before each piece of code: the server's client, as `db`, and the browser's, as `web`. */
const PRELUDE = [
  'import { createClient } from "@supabase/supabase-js";',
  'const db = createClient<Database>("", Deno.env.get("SUPABASE_SERVICE_ROLE_KEY"));',
  'const web = createClient<Database>("", Deno.env.get("SUPABASE_ANON_KEY"));',
  "",
].join("\n");

let corpus: Promise<Catalog> | undefined;

/**
 * What one rule says of a piece of code over the corpus's database, a line each: `2:18 message`, with
 * `-> suggestion`, or `=> replacement` when it is certain. Lines count from the piece's first.
 */
export async function judged(
  rule: string,
  code: string,
  catalog?: Catalog,
): Promise<string[]> {
  const file = scanFile("code.ts", PRELUDE + code);
  const { found } = judge(file, catalog ?? await (corpus ??= corpusCatalog()));
  return found.filter((it) => it.rule === rule).map(printed);
}

function printed({ span, message, suggestion, fix }: Found): string {
  const { line, column } = positionOf(span.source, span.start);
  const place = `${line - PRELUDE.split("\n").length + 1}:${column}`;
  if (fix) return `${place} ${message} => ${fix.text}`;
  return `${place} ${message}${
    suggestion === undefined ? "" : ` -> ${suggestion}`
  }`;
}

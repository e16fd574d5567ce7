import postgres from "postgres";
import * as z from "zod/mini";
import { superuserUrl } from "../../support/servers.ts";

/** A node of a plan, as far as it is looked at. */
interface Node {
  "Node Type": string;
  Schema?: string;
  "Relation Name"?: string;
  "Actual Loops": number;
  Plans?: Node[];
}

const Node: z.ZodMiniType<Node> = z.looseObject({
  "Node Type": z.string(),
  Schema: z.optional(z.string()),
  "Relation Name": z.optional(z.string()),
  "Actual Loops": z.number(),
  Plans: z.optional(z.array(z.lazy(() => Node))),
});
const Explained = z.object({ "Query Text": z.string(), Plan: Node });

/** A table read from one end to the other, by a statement of somewhere in a function. */
export interface Scan {
  table: string;
  /** How often in the one statement. */
  loops: number;
  /** The statement, in one line. */
  statement: string;
}

/** A session that tells how PostgreSQL carries out each statement, those inside of functions too. */
export interface Explaining extends AsyncDisposable {
  sql: postgres.Sql;
  /** The plans of all that `work` runs. */
  during(work: () => Promise<void>): Promise<z.infer<typeof Explained>[]>;
}

const SETTINGS = `
load 'auto_explain';
set auto_explain.log_min_duration = 0;
set auto_explain.log_nested_statements = on;
set auto_explain.log_analyze = on;
set auto_explain.log_timing = off;
set auto_explain.log_verbose = on;
set auto_explain.log_format = json;
set auto_explain.log_level = notice;
set track_functions = pl;
set jit = off`;

/** Opens one as a superuser, who may load auto_explain. */
export async function openExplaining(url: string): Promise<Explaining> {
  let listening: z.infer<typeof Explained>[] | undefined;
  const sql = postgres(await superuserUrl(url), {
    max: 1,
    connection: { search_path: '"$user", public, extensions' },
    onnotice: ({ message }) => {
      const json = /^duration: .*? plan:\s*(\{.*\})\s*$/s.exec(message ?? "");
      if (json?.[1]) listening?.push(Explained.parse(JSON.parse(json[1])));
    },
  });
  await sql.unsafe(SETTINGS).simple();
  return {
    sql,
    during: async (work) => {
      const plans = listening = [];
      await work();
      listening = undefined;
      return plans;
    },
    [Symbol.asyncDispose]: () => sql.end(),
  };
}

/** Every sequential scan of one of these tables that was carried out. */
export function scansIn(
  plans: z.infer<typeof Explained>[],
  tables: ReadonlySet<string>,
): Scan[] {
  return plans.flatMap(({ Plan, "Query Text": text }) =>
    nodesOf(Plan).flatMap((node) => {
      const table = `${node.Schema}.${node["Relation Name"]}`;
      if (
        node["Node Type"] !== "Seq Scan" || node["Actual Loops"] === 0 ||
        !tables.has(table)
      ) return [];
      const statement = text.replaceAll(/\s+/g, " ").trim();
      return [{ table, loops: node["Actual Loops"], statement }];
    })
  );
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

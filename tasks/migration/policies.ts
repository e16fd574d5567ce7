import type { Difference } from "../../drift/live/compare.ts";
import { openDatabase } from "../../stack/database.ts";
import { bare, type Made } from "./objects.ts";

/** md5 of what pg_policies prints, as private.policy_is() takes it, by table and name. */
const DIGESTS = `
  select format('%I.%I.%s', p.schemaname, p.tablename, p.policyname) as name,
    md5(concat_ws(e'\\n', p.permissive, p.cmd, p.roles::text, p.qual, p.with_check)) as digest
  from pg_catalog.pg_policies p`;

/** What is looked at in the catalog before a policy is made: whether it is the one there is. */
export async function policyDigests(
  supabase: string,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const database = await openDatabase({
    supabase,
    from: "schemas",
    seed: false,
    progress,
  });
  try {
    return await database.transaction(async (session) => {
      await session.query("select set_config('search_path', '', true)");
      const rows = await session.query(DIGESTS);
      return new Map(
        rows.map(({ name, digest }) => [bare(String(name)), String(digest)]),
      );
    });
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

/** Makes a policy, or makes it anew where the one that is there is another. */
export function makePolicy(
  { table = "", name, code }: Made,
  digests: ReadonlyMap<string, string>,
): string {
  const digest = digests.get(`${table}.${name}`) ?? "";
  return guarded(
    `not private.policy_is('${table}', ${literal(name)}, '${digest}')`,
    [
      `drop policy if exists ${identifier(name)} on ${table};`,
      `${code};`,
    ],
  );
}

/** Drops a policy or a trigger that the schemas do not have. */
export function drop({ kind, name, owner }: Difference): string {
  const table = bare(owner ?? "");
  const own = bare(name.slice((owner ?? "").length + 1));
  const found = kind === "policy"
    ? `exists (select from pg_catalog.pg_policy where polrelid = '${table}'::regclass and polname = ${
      literal(own)
    })`
    : `exists (select from pg_catalog.pg_trigger where tgrelid = '${table}'::regclass and tgname = ${
      literal(own)
    })`;
  return guarded(found, [`drop ${kind} ${identifier(own)} on ${table};`]);
}

function guarded(condition: string, statements: readonly string[]): string {
  return [
    "do $guarded$",
    "begin",
    `  if ${condition} then`,
    ...statements.flatMap((statement) => statement.split("\n")).map((line) =>
      `    ${line}`
    ),
    "  end if;",
    "end",
    "$guarded$;",
  ].join("\n");
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

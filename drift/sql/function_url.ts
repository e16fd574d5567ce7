import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";
import type { Complaint, SqlObject } from "./complaint.ts";
import { notOfExtension, ownSchemas } from "./scope.ts";

const Text = z.object({
  kind: z.enum(["function", "table", "job"]),
  schema: z.nullable(z.string()),
  name: z.string(),
  text: z.string(),
});
type Text = z.infer<typeof Text>;

const URL_OF_FUNCTION = /\/functions\/v1\/([\w-]+)/g;
/** A function that puts the name it is given behind the address: its calls name functions too. */
const CALLER = /\/functions\/v1\/'\s*\|\|\s*[a-z_]/i;

/** Functions that SQL calls by their address are among the folders' names. */
export async function checkFunctionUrls(
  session: Session,
  functions: ReadonlySet<string>,
): Promise<Complaint[]> {
  const texts = await sqlTexts(session);
  const callers = texts.filter(({ kind, text }) =>
    kind === "function" && CALLER.test(text)
  ).map(({ name }) => name);
  return texts.flatMap((it) =>
    [...new Set(named(it.text, callers))]
      .filter((name) => !functions.has(name))
      .map((name): Complaint => ({
        rule: "function-url",
        object: objectOf(it),
        table: it.name,
        name,
        message: `${it.name} calls the function "${name}", which is not there`,
      }))
  );
}

const objectOf = ({ kind, schema, name }: Text): SqlObject => ({
  kind,
  schema,
  name,
});

/** The functions a text calls by their address, or by what `callers` put behind it. */
export function named(text: string, callers: readonly string[]): string[] {
  const code = text.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, "");
  const calls = callers.map((caller) =>
    new RegExp(
      `\\b${caller}\\s*\\(\\s*(?:\\w+\\s*(?:=>|:=)\\s*)?'([\\w-]+)'`,
      "g",
    )
  );
  return [URL_OF_FUNCTION, ...calls].flatMap((pattern) =>
    Array.from(code.matchAll(pattern), ([, name = ""]) => name)
  );
}

async function sqlTexts(session: Session): Promise<Text[]> {
  const rows = await session.query(`
    select 'function' as kind, n.nspname::text as schema, p.proname::text as name,
      pg_catalog.pg_get_functiondef(p.oid) as text
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p') and ${ownSchemas("n")} and ${
    notOfExtension("pg_proc", "p.oid")
  }
    union all
    select 'table', n.nspname, c.relname, pg_catalog.pg_get_triggerdef(t.oid)
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and ${ownSchemas("n")}`);
  const [cron] = await session.query(
    "select from pg_catalog.pg_class where oid = pg_catalog.to_regclass('cron.job')",
  );
  const jobs = cron
    ? await session.query(`
      select 'job' as kind, null as schema, coalesce(jobname, 'job ' || jobid) as name, command as text
      from cron.job where active and database = current_database()`)
    : [];
  return [...rows, ...jobs].map((row) => Text.parse(row));
}

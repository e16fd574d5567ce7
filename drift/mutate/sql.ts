import type { Session } from "../../stack/session.ts";
import type { Complaint } from "../sql/complaint.ts";
import { examine } from "../sql/examine.ts";
import { labelOf, type Mutant, type Outcome, renamed } from "./mutant.ts";
import { readBodies } from "./sql_bodies.ts";
import { readObjects } from "./sql_objects.ts";
import { treeUses } from "./sql_trees.ts";
import { usesOf } from "./sql_uses.ts";

/**
 * Renames what the string bodies of functions and jobs use and runs the checks of `--sql`; drops what views,
 * policies and `begin atomic` bodies use, which PostgreSQL must refuse. Each is undone.
 */
export async function mutateSql(
  session: Session,
  options: {
    readonly only?: (mutant: Mutant) => boolean;
    readonly progress?: (line: string) => void;
  } = {},
): Promise<Outcome[]> {
  const { only = () => true, progress = () => {} } = options;
  const known = new Set((await examine(session, undefined)).map(textOf));
  const outcomes: Outcome[] = [];
  for (const mutant of (await inText(session)).filter(only)) {
    progress(labelOf(mutant));
    const found = await undoing(session, async () => {
      await session.script(await renaming(session, mutant));
      return await examine(session, undefined);
    });
    const fresh = found.filter((it) =>
      !known.has(textOf(it)) && !isOwn(it, mutant)
    );
    outcomes.push({
      ...mutant,
      where: "SQL",
      by: fresh.length > 0 ? "gate" : "none",
    });
  }
  for (const mutant of (await treeUses(session)).filter(only)) {
    progress(labelOf(mutant));
    const refused = await refuses(session, dropping(mutant));
    outcomes.push({ ...mutant, where: "SQL", by: refused ? "server" : "none" });
  }
  return outcomes;
}

async function inText(session: Session): Promise<Mutant[]> {
  const objects = await readObjects(session);
  const bodies = await readBodies(session);
  const uses = bodies.flatMap((body) => usesOf(body, objects));
  return [...new Map(uses.map((it) => [labelOf(it), it])).values()];
}

const textOf = ({ rule, table, name, message }: Complaint) =>
  JSON.stringify([rule, table, name, message]);

/** A function whose argument is renamed would be adapted itself: what counts is its callers. */
function isOwn({ name }: Complaint, { kind, object }: Mutant): boolean {
  return kind === "argument" && name === object;
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function renaming(session: Session, mutant: Mutant): Promise<string> {
  const { kind, schema, object, name } = mutant;
  const path = `${quoted(schema)}.${quoted(object)}`;
  const [from, to] = [quoted(name), quoted(renamed(name))];
  switch (kind) {
    case "table":
      return `alter table ${path} rename to ${to}`;
    case "column":
      return `alter table ${path} rename column ${from} to ${to}`;
    case "foreign key":
      return `alter table ${path} rename constraint ${from} to ${to}`;
    case "enum value":
      return `alter type ${path} rename value ${literal(name)} to ${
        literal(renamed(name))
      }`;
    case "function":
      return (await overloads(session, mutant)).map((it) =>
        `alter function ${it} rename to ${to};`
      ).join("\n");
    case "argument":
      // `create or replace` refuses to, and a drop would take along what depends on it
      return `update pg_catalog.pg_proc set proargnames =
          array_replace(proargnames, ${literal(name)}, ${
        literal(renamed(name))
      })
        where pronamespace = ${literal(schema)}::regnamespace and proname = ${
        literal(object)
      }`;
  }
}

async function overloads(
  session: Session,
  { schema, object }: Mutant,
): Promise<string[]> {
  const rows = await session.query(
    `select p.oid::regprocedure::text as signature from pg_catalog.pg_proc p
     where p.pronamespace = $1::text::regnamespace and p.proname = $2`,
    [schema, object],
  );
  return rows.map(({ signature }) => String(signature));
}

function dropping({ kind, schema, object, name }: Mutant): string {
  const path = `${quoted(schema)}.${quoted(object)}`;
  switch (kind) {
    case "column":
      return `alter table ${path} drop column ${quoted(name)}`;
    case "function":
      return `drop function ${quoted(schema)}.${object}`;
    default:
      return `drop table ${path}`;
  }
}

async function refuses(session: Session, statement: string): Promise<boolean> {
  try {
    await undoing(session, () => session.script(statement));
    return false;
  } catch {
    await session.script("rollback to savepoint mutant");
    return true;
  }
}

async function undoing<T>(
  session: Session,
  work: () => Promise<T>,
): Promise<T> {
  await session.script("savepoint mutant");
  const result = await work();
  await session.script("rollback to savepoint mutant");
  return result;
}

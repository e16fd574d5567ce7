import type { Session } from "../../stack/session.ts";
import type { Difference } from "./compare.ts";
import { alike } from "./kind.ts";

/**
 * Leaves out what only two versions of PostgreSQL print differently: a deployed view or function is made on
 * the repository's database, printed there, and undone.
 */
export async function trulyDifferent(
  session: Session,
  differences: readonly Difference[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  for (const it of differences) {
    const printed = await reprinted(session, it);
    if (printed === undefined || printed !== alike(it.repository ?? "")) {
      found.push(it);
    }
  }
  return found;
}

/** As this server prints what another one printed; undefined where it cannot be made here. */
async function reprinted(
  session: Session,
  { state, kind, name, deployed }: Difference,
): Promise<string | undefined> {
  if (state !== "different" || deployed === null) return undefined;
  const made = kind === "view"
    ? view(deployed)
    : kind === "function"
    ? { create: deployed, prefix: "", print: FUNCTION }
    : undefined;
  if (!made) return undefined;
  await session.script("savepoint reprint");
  try {
    await session.script(made.create);
    const [row] = await session.query(
      made.print,
      made.print.includes("$1") ? [name] : [],
    );
    return typeof row?.printed === "string"
      ? alike(made.prefix + row.printed)
      : undefined;
  } catch {
    return undefined; // it names what is not there: a difference
  } finally {
    await session.script("rollback to savepoint reprint");
  }
}

/** By the signature, or by the types of its arguments alone. */
const FUNCTION = `
  select pg_catalog.pg_get_functiondef(p.oid) as printed
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where $1 in (
    format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
    format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)))`;

function view(definition: string) {
  const [prefix = ""] = /^with \([^)]*\) /.exec(definition) ?? [];
  return {
    create: `create temporary view drift_reprint as ${
      definition.slice(prefix.length)
    }`,
    prefix,
    print:
      "select pg_catalog.pg_get_viewdef('pg_temp.drift_reprint'::regclass) as printed",
  };
}

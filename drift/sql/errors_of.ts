import * as z from "zod/mini";
import type { Session } from "../../stack/session.ts";

const Row = z.object({
  schema: z.nullable(z.string()),
  name: z.string(),
  table: z.nullable(z.string()),
  error: z.string(),
});

/** An object and what the server says of its SQL. */
export type Broken = z.infer<typeof Row>;

/**
 * Runs SQL that a query makes for each object, and gives the objects where it fails.
 *
 * @param objects a query of `schema`, `name`, `"table"`, `sql`, `path`
 */
export async function errorsOf(
  session: Session,
  objects: string,
): Promise<Broken[]> {
  const rows = await session.query(`
    select e.schema, e.name, e."table", e.error from (
      select o.schema::text, o.name::text, o."table"::text, pg_temp.drift_error(o.sql, o.path) as error
      from (${objects} offset 0) o
    ) e where e.error is not null order by 1, 3, 2`);
  return rows.map((row) => Row.parse(row));
}

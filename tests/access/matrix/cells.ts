import * as z from "zod/mini";
import { type Session } from "../../support/sql.ts";
import type { Relation } from "./catalog.ts";
import type { People } from "./people.ts";
import { literal, otherValueOf, type Row } from "./rows.ts";

/** Who tries, in the order of a line, with the database's role for each. */
export const WHO: { who: string; role: string; person?: keyof People }[] = [
  { who: "anon", role: "anon" },
  ...([
    ["owner", "owner"],
    ["other", "other"],
    ["coach", "coach"],
    ["org_admin", "orgAdmin"],
    ["org_member", "orgMember"],
    ["staff", "staff"],
    ["admin", "admin"],
  ] as const).map(([who, person]) => ({ who, role: "authenticated", person })),
  { who: "service", role: "service_role" },
];

/** What somebody may do with a row. */
export type Cell = z.infer<typeof Cell>;
const Cell = z.object({
  /** `SIUD`. */
  cell: z.string(),
  /** Where the U is small: the columns that this caller cannot change. */
  refused: z.array(z.string()),
  /** Why there is a `!`. */
  fault: z.nullable(z.string()),
});

/** Columns that say nothing about who may change what: nobody means to write them. */
export const KEPT = /^(id|created_at|updated_at)$/;

const ATTEMPTS = new URL("attempts.sql", import.meta.url);

/** What everybody may do with the row of each relation: a cell for each of WHO, by relation. */
export async function tryAll(
  sql: Session,
  relations: Relation[],
  rows: Map<string, Row>,
  people: People,
): Promise<Map<string, Cell[]>> {
  await sql.script(await Deno.readTextFile(ATTEMPTS));
  const callers = JSON.stringify(
    WHO.map(({ role, person }) => ({ role, id: person && people[person] })),
  );
  const found = new Map<string, Cell[]>();
  for (const relation of relations) {
    const row = rows.get(relation.name) ?? {};
    const where = relation.key
      .map((column) => `"${column}" = ${literal(row[column])}`).join(" and ");
    const cells = await sql.query(
      `select c.cell, c.refused, c.fault
       from jsonb_array_elements($1::text::jsonb) with ordinality as w (caller, n)
       cross join lateral pg_temp.cell(
         w.caller ->> 'role', w.caller ->> 'id', $2, $3, $4::text::jsonb, $5::text::jsonb
       ) c
       order by w.n`,
      [
        callers,
        relation.name,
        where || "true",
        JSON.stringify(row),
        JSON.stringify(changesOf(relation, row, people)),
      ],
    );
    found.set(relation.name, z.array(Cell).parse(cells));
  }
  return found;
}

/** Another value for each column that can be written; its own for the key where there is nothing else. */
function changesOf({ columns, key }: Relation, row: Row, people: People) {
  const written = columns.filter(({ name, generated }) =>
    !generated && !KEPT.test(name)
  );
  return Object.fromEntries(
    written.length > 0
      ? written.map((column) => [
        column.name,
        otherValueOf(column, row[column.name], people),
      ])
      : key.map((name) => [name, row[name]]),
  );
}

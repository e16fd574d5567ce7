import { type Session } from "../../support/sql.ts";
import { readRelations, type Relation } from "./catalog.ts";
import { type Cell, KEPT, tryAll, WHO } from "./cells.ts";
import { givenPeople, joinOrganization } from "./people.ts";
import { givenRows } from "./rows.ts";

const SUBJECT = 34;
const CELL = 6;

/** What everybody may do, as lines of tables.txt and columns.txt. */
export interface Findings {
  tables: string[];
  columns: string[];
}

/** Makes the people and a row for each table, and tries everything on those `of` interest. */
export async function explore(
  sql: Session,
  of: (relation: Relation) => boolean = () => true,
): Promise<Findings> {
  const relations = await readRelations(sql);
  const people = await givenPeople(sql);
  const rows = await givenRows(sql, relations, people);
  await joinOrganization(sql, rows.get("organizations")?.id, people);
  const tried = await tryAll(sql, relations.filter(of), rows, people);
  const findings: Findings = { tables: [], columns: [] };
  for (const relation of relations.filter(of)) {
    const cells = tried.get(relation.name) ?? [];
    findings.tables.push(tableLine(relation, cells));
    findings.columns.push(...columnLines(relation, cells));
  }
  return findings;
}

function tableLine({ name }: Relation, cells: Cell[]): string {
  const faults = new Set(cells.flatMap(({ fault }) => fault ?? []));
  return [
    name.padEnd(SUBJECT) +
    cells.map(({ cell }) => cell.padEnd(CELL)).join("").trimEnd(),
    ...faults,
  ].join("  ! ");
}

/** The columns a caller may change, or those that the caller may not, whichever are fewer. */
function columnLines({ name, columns }: Relation, cells: Cell[]): string[] {
  return cells.flatMap(({ refused }, index) => {
    if (refused.length === 0) return [];
    const allowed = columns.map(({ name }) => name)
      .filter((column) => !KEPT.test(column) && !refused.includes(column))
      .sort();
    const which = refused.length <= allowed.length
      ? `not ${refused.toSorted().join(" ")}`
      : `only ${allowed.join(" ")}`;
    return [
      `${name.padEnd(SUBJECT)}${WHO[index]?.who.padEnd(2 * CELL)}${which}`,
    ];
  });
}

import { type Session } from "../../support/sql.ts";
import { readRelations, type Relation } from "../matrix/catalog.ts";
import {
  givenPeople,
  joinOrganization,
  type People,
} from "../matrix/people.ts";
import { givenRows, type Row } from "../matrix/rows.ts";

/** The owner's rows, with everybody who is around them, and a stranger's rows that have nothing to do with them. */
export interface World {
  relations: Relation[];
  people: People;
  rows: Map<string, Row>;
  /** The stranger's, by table: another person's, another group's, another organization's. */
  foreign: Map<string, Row>;
  stranger: string;
}

/** Makes both. */
export async function givenWorld(sql: Session): Promise<World> {
  const relations = await readRelations(sql);
  const people = await givenPeople(sql);
  const rows = await givenRows(sql, relations, people);
  await joinOrganization(sql, rows.get("organizations")?.id, people);
  const strangers = await givenPeople(sql);
  const foreign = await givenRows(sql, relations, strangers, "3");
  return { relations, people, rows, foreign, stranger: strangers.owner };
}

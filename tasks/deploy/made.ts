import type { Migration } from "../../stack/migrations.ts";
import type { Deployed } from "./database.ts";

/** The migrations that say what production had before this repository. */
export function isBaseline({ name }: Migration): boolean {
  return name.startsWith("baseline_");
}

/** The tables of schema public that a migration makes. */
export function tablesOf({ sql }: Migration): string[] {
  const made = sql.matchAll(
    /^create table (?:if not exists )?public\.(\w+)/gmi,
  );
  return [...made].map(([, table = ""]) => table);
}

/** The functions of schema private that a migration makes, which no other repository has. */
export function privateOf({ sql }: Migration): string[] {
  const made = sql.matchAll(
    /^create (?:or replace )?function private\.(\w+)/gmi,
  );
  return [...made].map(([, name = ""]) => name);
}

/** The tables of schema public that a migration adds rows to. */
function filledBy({ sql }: Migration): string[] {
  const filled = sql.matchAll(/^insert into public\.(\w+)/gmi);
  return [...filled].map(([, table = ""]) => table);
}

/** Whether a migration makes nothing that it could be recognized by. */
export function makesNothing(file: Migration): boolean {
  return tablesOf(file).length + privateOf(file).length === 0;
}

/** Whether a database has what a migration makes, so far as that can be recognized. */
export function isThere(file: Migration, deployed: Deployed): boolean {
  const functions = privateOf(file);
  return tablesOf(file).every((it) => deployed.tables.has(it)) &&
    // one that a later file drops is gone
    (functions.length === 0 ||
      functions.some((it) => deployed.privates.has(it)));
}

/** Whether a database has something of a file of the baseline: tables, or rows where the file makes none. */
export function isBegun(file: Migration, deployed: Deployed): boolean {
  const tables = tablesOf(file);
  return tables.length > 0
    ? tables.some((it) => deployed.tables.has(it))
    : filledBy(file).some((it) => deployed.filled.has(it));
}

import { StackError } from "../../stack/errors.ts";
import type { Migration } from "../../stack/migrations.ts";
import type { Deployed, Ran } from "./database.ts";
import { SUPABASE_CLI } from "../support/supabase_cli.ts";

/** What becomes of the migrations. */
export interface MigrationsPlan {
  /** Applied already: the history has their version, name and statements. */
  readonly applied: readonly Migration[];
  /** Of those, the ones whose statements it does not have: they are told by name and by what is there. */
  readonly unproven: readonly Migration[];
  /** Marked as applied without being run: production has what they make. */
  readonly marked: readonly Migration[];
  /** To be run. */
  readonly pending: readonly Migration[];
}

/** The migrations that say what production had before this repository. */
export function isBaseline({ name }: Migration): boolean {
  return name.startsWith("baseline_");
}

/**
 * Decides by what is in the database which migrations are run and which are marked. A version alone says nothing:
 * another repository's migrations may have the same, and even the same name.
 *
 * @throws {StackError} when the history is not of these files, or does not say what was run
 */
export function planMigrations(
  migrations: readonly Migration[],
  deployed: Deployed,
): MigrationsPlan {
  const { history, tables } = deployed;
  const rows = new Map(history.map((row) => [row.version, row]));
  const isOurs = (it: Migration) => {
    const row = rows.get(it.version);
    return row !== undefined && isOf(row, it, deployed);
  };
  const applied = migrations.filter(isOurs);
  const open = migrations.filter((it) => !applied.includes(it));
  refuseForeign(history, migrations, applied);

  const first = migrations.find((it) => !isBaseline(it));
  const byHand = first !== undefined && open.includes(first) &&
    !applied.some((it) => !isBaseline(it)) &&
    open.filter((it) => !isBaseline(it)).flatMap(privateOf)
      .some((name) => deployed.privates.has(name));
  if (byHand) {
    throw new StackError(
      `the database has what ${first.file} makes, and its history does not say so: it was run by hand. ` +
        `Mark what was run with "npx ${SUPABASE_CLI} migration repair --status applied <versions> --yes"`,
    );
  }
  const baseline = open.filter(isBaseline);
  const there = baseline.flatMap(tablesOf).some((table) => tables.has(table));
  return {
    applied,
    unproven: applied.filter((it) => !hasStatements(rows.get(it.version))),
    marked: there ? baseline : [],
    pending: there ? open.filter((it) => !isBaseline(it)) : open,
  };
}

/** The tables of schema public that a migration makes. */
export function tablesOf({ sql }: Migration): string[] {
  const made = sql.matchAll(
    /^create table (?:if not exists )?public\.(\w+)/gmi,
  );
  return [...made].map(([, table = ""]) => table);
}

/** The functions of schema private that a migration makes, which no other repository has. */
function privateOf({ sql }: Migration): string[] {
  const made = sql.matchAll(
    /^create (?:or replace )?function private\.(\w+)/gmi,
  );
  return [...made].map(([, name = ""]) => name);
}

/**
 * Whether a row of the history is of a file. The CLI keeps the statements, when it runs a file as when it marks one;
 * where an older one did not, or a row was written by hand, the name and what the file makes have to be there.
 */
function isOf(row: Ran, file: Migration, deployed: Deployed): boolean {
  if (hasStatements(row)) {
    return bare(row.statements?.join("\n") ?? "") === bare(file.sql);
  }
  const functions = privateOf(file);
  const tables = tablesOf(file);
  const makesNothing = functions.length + tables.length === 0;
  return row.name === null
    ? !makesNothing && isThere()
    : row.name === file.name && isThere();

  function isThere() {
    return tables.every((it) => deployed.tables.has(it)) &&
      // one that a later file drops is gone
      (functions.length === 0 ||
        functions.some((it) => deployed.privates.has(it)));
  }
}

function hasStatements(row: Ran | undefined): boolean {
  return (row?.statements?.length ?? 0) > 0;
}

/** Statements without comments, white space and what parts them. */
function bare(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]+/g, "");
}

/** @throws {StackError} when the history has migrations that are none of these files */
function refuseForeign(
  history: readonly Ran[],
  files: readonly Migration[],
  applied: readonly Migration[],
): void {
  const ours = new Set(applied.map(({ version }) => version));
  const foreign = history.filter(({ version }) => !ours.has(version));
  if (foreign.length === 0) return;
  const versions = new Set(files.map(({ version }) => version));
  const [taken, unknown] = [
    foreign.filter(({ version }) => versions.has(version)),
    foreign.filter(({ version }) => !versions.has(version)),
  ];
  const last = files.at(-1)?.version ?? "";
  const faults = [
    ...unknown.length > 0
      ? [`migrations that are not here: ${listed(unknown)}`]
      : [],
    ...taken.length > 0
      ? [
        `migrations that have versions of files here, and are others: ${
          listed(taken)
        }`,
      ]
      : [],
  ];
  const isNewer = taken.length === 0 && applied.length > 0 &&
    unknown.every(({ version }) => version > last);
  throw new StackError(
    `the database knows ${faults.join(", and ")}. ` +
      (isNewer
        ? "Somebody deployed a newer commit: deploy that one, or a later one"
        : "They are of the repository that made this database. What they made is the baseline here. Keep that " +
          "repository's files, then take its versions off the history; nothing is undone by it:\n" +
          `  npx ${SUPABASE_CLI} migration repair --status reverted ${
            foreign.map(({ version }) => version).join(" ")
          } --yes --remote="$SUPABASE_DB_URL"`),
  );
}

function listed(rows: readonly Ran[]): string {
  return rows.map(({ version, name }) =>
    name === null ? version : `${version} ${name}`
  ).join(", ");
}

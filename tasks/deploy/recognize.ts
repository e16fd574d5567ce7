import { StackError } from "../../stack/errors.ts";
import type { Migration } from "../../stack/migrations.ts";
import type { Deployed, Ran } from "./database.ts";
import { isThere, makesNothing } from "./made.ts";
import { repair } from "./repair.ts";

/**
 * The files that the history has a row of. The CLI keeps the statements, when it runs a file as when it marks one;
 * where an older one did not, or a row was written by hand, the name and what the file makes have to be there. One
 * that kept the versions alone is believed of a file that makes nothing recognizable when it is right about others.
 *
 * @throws {StackError} when the history has rows that are of none of these files, or might be
 */
export function recognize(
  files: readonly Migration[],
  deployed: Deployed,
): Migration[] {
  const { history } = deployed;
  const rows = new Map(history.map((row) => [row.version, row]));
  const known = files.filter((file) => {
    const row = rows.get(file.version);
    return row !== undefined && isOf(row, file, deployed);
  });
  const bare = files.filter((file) => isBare(rows.get(file.version)));
  const unsure = bare.filter(makesNothing);
  refuseForeign(history, files, [...known, ...unsure]);
  if (unsure.length === 0) return known;
  if (bare.some((it) => known.includes(it))) {
    return files.filter((it) => known.includes(it) || unsure.includes(it));
  }
  const versions = unsure.map(({ version }) => version);
  throw new StackError(
    `the history has neither name nor statements of ${versions.join(", ")}, ` +
      "and whether these files were run cannot be told by what is there. Those that were are noted by\n" +
      `  ${repair("applied", versions)}\n` +
      `the others taken off by\n  ${repair("reverted", versions)}`,
  );
}

export function hasStatements(row: Ran | undefined): boolean {
  return (row?.statements?.length ?? 0) > 0;
}

/** Whether a row is its version alone. */
function isBare(row: Ran | undefined): boolean {
  return row !== undefined && row.name === null && !hasStatements(row);
}

function isOf(row: Ran, file: Migration, deployed: Deployed): boolean {
  if (hasStatements(row)) {
    return stripped(row.statements?.join("\n") ?? "") === stripped(file.sql);
  }
  return (row.name === null ? !makesNothing(file) : row.name === file.name) &&
    isThere(file, deployed);
}

/** Statements without comments, white space and what parts them. */
function stripped(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|[\s;]+/g, "");
}

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
  const isLater = taken.length === 0 && applied.length > 0 &&
    unknown.every(({ version }) => version > last);
  const command = `  ${
    repair("reverted", foreign.map(({ version }) => version))
  }`;
  throw new StackError(
    `the database knows ${faults.join(", and ")}. ` +
      (isLater
        ? "Where they are of a newer commit of this repository, deploy that one, or a later one. Where they are of " +
          "another repository, keep its files, then take its versions off the history; nothing is undone by it:\n" +
          command
        : "They are of the repository that made this database. What they made is the baseline here. Keep that " +
          "repository's files, then take its versions off the history; nothing is undone by it:\n" +
          command),
  );
}

function listed(rows: readonly Ran[]): string {
  return rows.map(({ version, name }) =>
    name === null ? version : `${version} ${name}`
  ).join(", ");
}

import type { Accepted } from "./try_all.ts";

const LISTS = new URL("accepted/", import.meta.url);
const SCHEMAS = new URL("../../../supabase/schemas/", import.meta.url);

/** Who may what of each table, and why: `table what who` by its reason. */
export type List = Map<string, string>;

const HEADER =
  `# What users write into these tables that is neither the default nor their own id, by whoever may, and why.
# Made by the test, read by people: UPDATE_COLUMNS=1 deno task test tests/access/columns.test.ts writes the lines
# anew, keeps the reasons, and puts ? where one is wanted.
`;

/** The folder of the schemas that each table is in. */
export async function foldersOfTables(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const folder of Deno.readDir(SCHEMAS)) {
    if (!folder.isDirectory) continue;
    const files = new URL(`${folder.name}/`, SCHEMAS);
    for await (const { name } of Deno.readDir(files)) {
      const table = name.replace(/\.sql$/, "");
      const sql = await Deno.readTextFile(new URL(name, files));
      if (sql.includes(`create table public.${table} (`)) {
        found.set(table, folder.name);
      }
    }
  }
  return found;
}

/** The reviewed list of a folder of the schemas; empty where there is none yet. */
export async function readList(folder: string): Promise<List> {
  try {
    const text = await Deno.readTextFile(new URL(`${folder}.txt`, LISTS));
    return new Map(
      text.split("\n").filter((line) => line && !line.startsWith("#")).map(
        (line) => {
          const [cell = "", reason = ""] = line.split(/ +# /);
          return [cell.replaceAll(/ +/g, " "), reason];
        },
      ),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}

/** Writes a list: what was accepted, with the reasons that are known. */
export async function writeList(
  folder: string,
  accepted: Accepted[],
  known: List,
): Promise<void> {
  if (accepted.length === 0) return;
  const lines = accepted.map((cell) =>
    `${lineOf(cell, true)}  # ${known.get(lineOf(cell)) ?? "?"}`
  );
  await Deno.mkdir(LISTS, { recursive: true });
  await Deno.writeTextFile(
    new URL(`${folder}.txt`, LISTS),
    `${HEADER}${lines.sort().join("\n")}\n`,
  );
}

/** A cell as a line says it. */
export function lineOf({ table, what, who }: Accepted, padded = false): string {
  return padded
    ? `${table.padEnd(30)} ${what.padEnd(48)} ${who}`
    : `${table} ${what} ${who}`;
}

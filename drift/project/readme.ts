import type { Judged } from "../finding.ts";
import type { Checkout } from "./checkout.ts";
import { mismatch } from "./mismatch.ts";

const README = "README.md";
/** `POST name`, `GET name/<parameter>`, `/functions/v1/name` or the name alone. */
const CALL = /`(?:[A-Z]+ )?(?:\/?functions\/v1\/)?([\w-]+)[^`]*`/;

/** Where the README's table of functions and the folders part; the table is the one under a heading that says so. */
export async function checkReadme(
  checkout: Checkout,
  functions: ReadonlySet<string>,
): Promise<Judged[]> {
  if (!await checkout.has(README)) return [];
  const text = await checkout.read(README);
  const rows = tableOfFunctions(text);
  // a table of something else
  if (!rows.some(({ name }) => functions.has(name))) return [];
  const listed = new Set(rows.map(({ name }) => name));
  const [first] = rows;
  return [
    ...rows.filter(({ name }) => !functions.has(name)).map(({ name, index }) =>
      mismatch(
        { file: README, text, index },
        name,
        `the table lists "${name}", which is no function`,
      )
    ),
    ...[...functions].filter((name) => !listed.has(name)).map((name) =>
      mismatch(
        { file: README, text, index: first?.index ?? 0 },
        name,
        `the table of functions leaves out "${name}"`,
      )
    ),
  ];
}

function tableOfFunctions(text: string): { name: string; index: number }[] {
  const heading = /^#+ .*\bfunctions\b.*$/im.exec(text);
  if (!heading) return [];
  const table = /(?:^\|.*(?:\n|$))+/m.exec(text.slice(heading.index));
  if (!table) return [];
  let index = heading.index + table.index;
  const rows: { name: string; index: number }[] = [];
  for (const row of table[0].split("\n")) {
    const [, cell = ""] = row.split("|");
    const found = CALL.exec(cell);
    const [, name] = found ?? [];
    if (found && name) {
      rows.push({
        name,
        index: index + 1 + found.index + found[0].indexOf(name),
      });
    }
    index += row.length + 1;
  }
  return rows;
}

import { createHash } from "node:crypto";
import type { Migration } from "../../stack/migrations.ts";
import type { Finding } from "./script.ts";

/** Beside the migrations, where the Supabase CLI does not ask what it is: lines as sha256sum writes them. */
export const RELEASED = "migrations.sha256";

/** The digests of the migrations that were released, by file. None were where the list is not there. */
export async function readReleased(
  supabase: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const text = await Deno.readTextFile(`${supabase}/${RELEASED}`);
    return new Map(
      text.split("\n").filter(Boolean).map((line) => {
        const [digest = "", file = ""] = line.split("  ");
        return [file, digest];
      }),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}

/** What was released is as it was, and what is new comes after it. */
export function changedSince(
  released: ReadonlyMap<string, string>,
  migrations: readonly Migration[],
): (Finding & { readonly file: string })[] {
  const there = new Set(migrations.map(({ file }) => file));
  const newest = [...released.keys()].sort().at(-1) ?? "";
  const gone = [...released.keys()].filter((file) => !there.has(file));
  return [
    ...gone.map((file) => ({ file, line: 1, message: "released, and gone" })),
    ...migrations.flatMap(({ file, sql }) => {
      const digest = released.get(file);
      const message = digest === undefined
        ? file < newest
          ? `comes before ${newest}, which is released`
          : undefined
        : digest === digestOf(sql)
        ? undefined
        : "released, and changed since: a new migration";
      return message === undefined ? [] : [{ file, line: 1, message }];
    }),
  ];
}

/** Notes that these are released. */
export async function writeReleased(
  supabase: string,
  migrations: readonly Migration[],
): Promise<void> {
  const lines = migrations.map(({ file, sql }) =>
    `${digestOf(sql)}  ${file}\n`
  );
  await Deno.writeTextFile(`${supabase}/${RELEASED}`, lines.join(""));
}

function digestOf(sql: string): string {
  return createHash("sha256").update(sql).digest("hex");
}

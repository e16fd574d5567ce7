import { parseArgs } from "node:util";
import { createClient } from "@supabase/supabase-js";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import type { Database } from "../supabase/functions/_shared/database.types.ts";
import { compareExports } from "./feature_config/compare.ts";

const HELP =
  `Compares a file of export-feature-config with a database, and lists every difference.

Usage: deno task feature-config --check <file>

  --check <file>  the exported file
  --help          print this

The database is the one of SUPABASE_URL and SUPABASE_SECRET_KEY. Exits 0 when nothing differs, 1 when
something does or when it could not be compared, which says why.`;

await runCli(main);

async function main(args: string[]): Promise<number> {
  const { check, help } = parse(args);
  if (help || check === undefined) {
    console.log(HELP);
    return help ? 0 : 1;
  }
  const file = await read(check);
  const differences = compareExports(
    file,
    await exported(String(file["type"])),
  );
  for (const line of differences) console.log(line);
  console.log(
    differences.length === 0
      ? "The file and the database agree."
      : `${differences.length} differences`,
  );
  return differences.length === 0 ? 0 : 1;
}

async function read(path: string): Promise<Record<string, unknown>> {
  let content: unknown;
  try {
    content = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    throw new StackError(
      `${path} cannot be read: ${
        error instanceof Error ? error.message : error
      }`,
    );
  }
  const entry = asEntry(content);
  if (entry === undefined || typeof entry["type"] !== "string") {
    throw new StackError(`${path} is not a file of export-feature-config`);
  }
  return entry;
}

async function exported(type: string): Promise<Record<string, unknown>> {
  const client = createClient<Database>(
    setting("SUPABASE_URL"),
    setting("SUPABASE_SECRET_KEY"),
    { auth: { persistSession: false } },
  );
  const { data, error } = await client.rpc("export_feature_config", {
    p_type: type,
  });
  if (error) {
    throw new StackError(
      `The database did not answer: ${error.code} ${error.message}`,
    );
  }
  const entry = asEntry(asEntry(data)?.["export"]);
  if (entry === undefined) {
    throw new StackError(`There is no export of the type ${type}`);
  }
  return entry;
}

function setting(name: string): string {
  const value = Deno.env.get(name);
  if (!value) throw new StackError(`${name} is not set (see --help)`);
  return value;
}

function asEntry(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}

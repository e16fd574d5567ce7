import type { Sql } from "postgres";
import { fileURLToPath } from "node:url";
import { type Run, runDeno } from "../support/run_deno.ts";
import { api } from "../support/stack.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the gate, started in this checkout, answers. */
export function drift(...args: string[]): Promise<Run> {
  return runDeno(["run", "-A", "drift/main.ts", ...args], { cwd: ROOT });
}

/** Runs work on an empty database of the server, which is dropped then. */
export async function onEmptyDatabase(
  server: Sql,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const name = `drift_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = new URL(api.dbUrl ?? "");
  url.pathname = `/${name}`;
  await server.unsafe(`create database ${name}`);
  try {
    await work(url.href);
  } finally {
    await server.unsafe(`drop database ${name} with (force)`);
  }
}

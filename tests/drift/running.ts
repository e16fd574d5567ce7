import type { Sql } from "postgres";
import { fileURLToPath } from "node:url";
import { api } from "../support/stack.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the gate, started in this checkout, answers. */
export async function drift(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "drift/main.ts", ...args],
    cwd: ROOT,
    signal: AbortSignal.timeout(120_000),
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
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

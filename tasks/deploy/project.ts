import * as z from "zod/mini";
import type { Digests } from "./secrets.ts";
import type { Supabase } from "./supabase.ts";

const Secrets = z.object({
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
});

const Functions = z.object({
  functions: z.array(z.object({ slug: z.string() })),
});

const Changes = z.object({
  changes: z.array(z.object({
    path: z.array(z.string()),
    declared: z.boolean(),
    local: z.unknown(),
    remote: z.unknown(),
  })),
});

const Keys = z.object({
  keys: z.array(z.object({
    name: z.string(),
    type: z.nullish(z.string()),
    api_key: z.nullish(z.string()),
  })),
});

/** A property of config.toml that the project has otherwise. */
export type ConfigChange = z.infer<typeof Changes>["changes"][number];

/** Whether the management API can change it: the database's major version is raised in the dashboard. */
export function isPushed({ path }: ConfigChange): boolean {
  return path.join(".") !== "db.major_version";
}

/** What the management API tells of a project. */
export interface Project {
  readonly secrets: Digests;
  readonly functions: readonly string[];
  readonly config: readonly ConfigChange[];
  /** The key that the functions know pg_cron by. */
  readonly secretKey: string | undefined;
}

/**
 * Reads a project. Nothing is changed.
 *
 * @throws {StackError} when the CLI cannot
 */
export async function readProject(supabase: Supabase): Promise<Project> {
  const [secrets, functions, config, keys] = await Promise.all([
    supabase.api("secrets", "list"),
    supabase.api("functions", "list"),
    supabase.api("config", "diff"),
    supabase.api("projects", "api-keys", "--reveal"),
  ]);
  return {
    secrets: digests(secrets),
    functions: Functions.parse(functions).functions.map(({ slug }) => slug),
    // what the file does not declare stays as it is
    config: Changes.parse(config).changes.filter((it) => it.declared),
    secretKey: secretKey(Keys.parse(keys).keys),
  };
}

/** Reads the digests of the secrets anew. */
export async function readDigests(supabase: Supabase): Promise<Digests> {
  return digests(await supabase.api("secrets", "list"));
}

function digests(answer: unknown): Digests {
  return new Map(
    Secrets.parse(answer).secrets.map(({ name, value }) => [name, value]),
  );
}

/** The one that functions/_shared/env.ts takes. */
function secretKey(
  keys: z.infer<typeof Keys>["keys"],
): string | undefined {
  const secret = keys.filter(({ type }) => type === "secret");
  const key = secret.find(({ name }) => name === "default") ?? secret[0] ??
    keys.find(({ name }) => name === "service_role");
  return key?.api_key ?? undefined;
}

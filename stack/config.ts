import { parse, TomlError } from "smol-toml";
import * as z from "zod/mini";
import { StackError } from "./errors.ts";
import { CONFIG_FILE, SERVED_DIR } from "./paths.ts";
import { readServed } from "./served.ts";

const Config = z.object({
  api: z.prefault(
    z.object({
      port: z.prefault(z.number(), 54321),
      schemas: z.prefault(z.array(z.string()), ["public"]),
      max_rows: z.prefault(z.number(), 1000),
    }),
    {},
  ),
  db: z.prefault(
    z.object({
      migrations: z.prefault(
        z.object({ schema_paths: z.prefault(z.array(z.string()), []) }),
        {},
      ),
    }),
    {},
  ),
  auth: z.prefault(
    z.object({
      site_url: z.optional(z.string()),
      minimum_password_length: z.prefault(z.number(), 6),
      enable_anonymous_sign_ins: z.prefault(z.boolean(), false),
    }),
    {},
  ),
  functions: z.prefault(
    z.record(
      z.string(),
      z.object({
        enabled: z.prefault(z.boolean(), true),
        verify_jwt: z.prefault(z.boolean(), true),
        import_map: z.optional(z.string()),
        entrypoint: z.optional(z.string()),
      }),
    ),
    {},
  ),
});

/** The part of supabase/config.toml the stack obeys, with the Supabase CLI's defaults. */
export type Config = z.infer<typeof Config>;

/** What config.toml says of one function. */
export type FunctionConfig = Config["functions"][string];

/**
 * Reads supabase/config.toml, and over it what `STACK_FUNCTIONS` names.
 *
 * @throws {StackError} when it is missing or malformed
 */
export async function readConfig(file: string = CONFIG_FILE): Promise<Config> {
  try {
    const config = Config.parse(parse(await Deno.readTextFile(file)));
    if (!SERVED_DIR) return config;
    const functions = readServed(SERVED_DIR, config.functions);
    return { ...config, functions };
  } catch (error) {
    throw new StackError(`${file}${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.core.$ZodError) {
    return `: ${z.prettifyError(error).replaceAll("\n", " ")}`;
  }
  const line = error instanceof TomlError ? `:${error.line}` : "";
  const message = error instanceof Error ? error.message : String(error);
  return `${line}: ${message.split("\n")[0]}`;
}

import { SUPABASE_CLI } from "../support/supabase_cli.ts";

/** The command that notes versions in the history, or takes them off it. */
export function repair(
  status: "applied" | "reverted",
  versions: readonly string[],
): string {
  return `npx ${SUPABASE_CLI} migration repair --status ${status} ${
    versions.join(" ")
  } --yes --remote="$SUPABASE_DB_URL"`;
}

import { parseArgs } from "node:util";
import { StackError } from "../../stack/errors.ts";
import { SUPABASE_CLI } from "../support/supabase_cli.ts";

export const HELP =
  `Deploys migrations, secrets, functions and configuration to a Supabase project.

Usage: deno task deploy --project <ref> [options]

  --project <ref>    the project's reference: 20 lower case letters
  --db <url>         its database (default: SUPABASE_DB_URL): the session pooler's address, or the direct one
  --env-file <file>  the functions' secrets, NAME=value a line; what the project has already may be left out
  --dry-run          check, show what would change, and change nothing
  --yes              do not ask
  --skip-tests       this commit has passed "deno task ok"
  --known <file>     differences between the database and the migrations that were reviewed
  --write-known      write the differences there are now to the file of --known, and deploy nothing
  --details          tell each difference, not how many there are of which
  --help             print this

SUPABASE_ACCESS_TOKEN is a token of the account (or: npx ${SUPABASE_CLI} login). Running it again is safe: what is
done is not done again. Exit code: 0 deployed, or nothing differs; 1 refused, failed, or not clean afterwards.
docs/deploy.md has the first deploy, the existing production database, and what to do when it stops.`;

/** The command line. */
export interface Options {
  readonly project: string;
  /** A PostgreSQL URL, with its password. */
  readonly db: string;
  readonly envFile: string | undefined;
  readonly known: string | undefined;
  readonly writeKnown: boolean;
  readonly details: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly skipTests: boolean;
}

/**
 * Reads the command line; undefined for `--help`.
 *
 * @throws {StackError} on what it cannot go by, saying what to give instead
 */
export function parseOptions(
  args: string[],
  env: Readonly<Record<string, string>>,
): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const { project, known } = values;
  if (project === undefined || !/^[a-z]{20}$/.test(project)) {
    throw new StackError(
      "--project wants the project's reference, 20 lower case letters: the dashboard's address ends with it",
    );
  }
  const writeKnown = values["write-known"] ?? false;
  if (writeKnown && known === undefined) {
    throw new StackError("--write-known wants --known <file>");
  }
  return {
    project,
    db: databaseUrl(values.db ?? env.SUPABASE_DB_URL, project),
    envFile: values["env-file"],
    known,
    writeKnown,
    details: values.details ?? false,
    dryRun: values["dry-run"] ?? false,
    yes: values.yes ?? false,
    skipTests: values["skip-tests"] ?? false,
  };
}

/** Checks that a URL is of the project's database, and that it can take migrations. */
function databaseUrl(given: string | undefined, project: string): string {
  const where = "the dashboard shows it under Connect, Session pooler";
  if (!given) {
    throw new StackError(`no database: --db or SUPABASE_DB_URL; ${where}`);
  }
  if (!/^postgres(?:ql)?:\/\//.test(given) || !URL.canParse(given)) {
    throw new StackError(
      `--db wants a URL like postgresql://user:password@host:5432/postgres; ${where}`,
    );
  }
  const url = new URL(given);
  if (!/\.supabase\.(?:co|com)$/.test(url.hostname)) return given;
  const named = url.hostname === `db.${project}.supabase.co` ||
    decodeURIComponent(url.username).endsWith(`.${project}`);
  if (!named) {
    throw new StackError(`--db is not the database of ${project}; ${where}`);
  }
  if (url.port === "6543") {
    throw new StackError(
      `--db is the transaction pooler, which cannot run migrations: port 5432; ${where}`,
    );
  }
  if (!url.searchParams.has("sslmode")) {
    url.searchParams.set("sslmode", "require");
  }
  return url.href;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        project: { type: "string" },
        db: { type: "string" },
        "env-file": { type: "string" },
        known: { type: "string" },
        "write-known": { type: "boolean" },
        details: { type: "boolean" },
        "dry-run": { type: "boolean" },
        yes: { type: "boolean" },
        "skip-tests": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError(`${reason} (--help lists the options)`);
  }
}

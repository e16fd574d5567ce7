import { parseArgs } from "node:util";
import { DriftFailure } from "./failure.ts";
import { type Format, FORMATS } from "./report/report.ts";

/** The command line of the gate. */
export interface Options {
  /** Whose catalog: a database's, a types file's, or the schemas' or migrations' when both are undefined. */
  readonly db: string | undefined;
  readonly types: string | undefined;
  /** A folder of migrations, and a config.toml, in place of those that are near. */
  readonly migrations: string | undefined;
  readonly config: string | undefined;
  /** A release to compare with: a revision of git, or a folder. */
  readonly rollout: string | undefined;
  readonly watch: boolean;
  readonly lsp: boolean;
  /** A deployed database to compare with the migrations. */
  readonly live: string | undefined;
  readonly byEffect: boolean;
  readonly sql: boolean;
  readonly format: Format;
  readonly fix: boolean;
  /** A file of renames; RENAMES_FILE where it is undefined and there is one. */
  readonly renames: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: boolean;
  readonly advice: boolean;
  readonly unjudged: boolean;
  readonly help: boolean;
  readonly paths: readonly string[];
}

export const HELP = `Finds where the code and the database disagree.

Usage: deno task drift [options] [paths]

  --db <url>         judge by the catalog of this PostgreSQL database
  --types <file>     judge by types that \`supabase gen types typescript\` wrote
                     (default: by what supabase/schemas make, or else supabase/migrations, wherever in the
                     checkout they are, or else by generated types)
  --migrations <dir> judge by what these migrations make
  --config <file>    the config.toml that says which schemas are exposed
  --sql              check the SQL too, on the database of --db: functions, triggers, views, policies, jobs
  --live <url>       compare a deployed database with the migrations, and nothing else; only reads
  --rollout <rev>    compare with a release, a revision of git or a folder: which of its calls the new migrations
                     stop, and which of the new calls need them first
  --watch            judge again whenever a file changes
  --lsp              be a language server on standard input and output: findings while typing
  --by-effect        with --live: by what objects do, whatever they are called and however that is spelled
  --format <format>  text, json, sarif or github (default: text)
  --fix              apply the renames that are certain, then report what is left
  --renames <file>   former names, by what they are now (default: ./drift.renames.json, where there is one)
  --baseline <file>  leave out the findings in this file
  --write-baseline   write the findings to the file of --baseline
  --advice           report ignored errors, untyped clients and unbounded selects too
  --unjudged         list what could not be judged, as it is put together at run time
  --help             print this

Paths are files and folders (default: src, app, supabase/functions, tests and the like, or all); nothing else is read.
Exit code: 0 clean, 1 drift, 2 could not run. The rules: drift/rules/README.md.`;

/** Reads the command line. @throws {DriftFailure} on what it does not know */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals: paths } = parse(args);
  const { db, types, live, baseline, renames, format = "text" } = values;
  const { migrations, config, rollout } = values;
  if (db !== undefined && types !== undefined) {
    throw new DriftFailure("--db and --types exclude each other");
  }
  if (migrations !== undefined && (db ?? types) !== undefined) {
    throw new DriftFailure("--migrations excludes --db and --types");
  }
  if (rollout !== undefined && db !== undefined) {
    throw new DriftFailure("--rollout compares files: it excludes --db");
  }
  for (const [name, url] of Object.entries({ db, live })) {
    if (url !== undefined && !/^postgres(?:ql)?:\/\/./.test(url)) {
      throw new DriftFailure(
        `--${name} wants a URL like postgresql://user:password@host:5432/database`,
      );
    }
  }
  if (!isFormat(format)) {
    throw new DriftFailure(`--format is one of ${FORMATS.join(", ")}`);
  }
  const writeBaseline = values["write-baseline"] ?? false;
  if (writeBaseline && baseline === undefined) {
    throw new DriftFailure("--write-baseline wants --baseline <file>");
  }
  return {
    db,
    types,
    migrations,
    config,
    rollout,
    watch: values.watch ?? false,
    lsp: values.lsp ?? false,
    live,
    format,
    baseline,
    renames,
    writeBaseline,
    paths,
    byEffect: values["by-effect"] ?? false,
    sql: values.sql ?? false,
    fix: values.fix ?? false,
    advice: values.advice ?? false,
    unjudged: values.unjudged ?? false,
    help: values.help ?? false,
  };
}

function isFormat(text: string): text is Format {
  return FORMATS.some((format) => format === text);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        db: { type: "string" },
        types: { type: "string" },
        migrations: { type: "string" },
        config: { type: "string" },
        rollout: { type: "string" },
        watch: { type: "boolean" },
        lsp: { type: "boolean" },
        live: { type: "string" },
        "by-effect": { type: "boolean" },
        sql: { type: "boolean" },
        format: { type: "string" },
        fix: { type: "boolean" },
        renames: { type: "string" },
        baseline: { type: "string" },
        "write-baseline": { type: "boolean" },
        advice: { type: "boolean" },
        unjudged: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DriftFailure(`${reason} (--help lists the options)`);
  }
}

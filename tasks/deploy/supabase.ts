import { StackError } from "../../stack/errors.ts";
import { SUPABASE_CLI } from "../support/supabase_cli.ts";

/** A push that waits for locks gives up by itself long before. */
const LIMIT_MILLISECONDS = 15 * 60_000;

/** What is deployed where is not for the CLI's statistics. */
const QUIET = { SUPABASE_TELEMETRY_DISABLED: "1" };

/** The official CLI, for one project and its database. */
export interface Supabase {
  /** Runs a command against the management API, in the checkout or in `--workdir`. Returns the JSON it prints. */
  api(...args: string[]): Promise<unknown>;
  /** Runs a command against the database. Returns the JSON it prints. */
  database(...args: string[]): Promise<unknown>;
}

/** What the CLI is run for, and with. */
export interface Target {
  /** The folder that holds `supabase/`. */
  readonly root: string;
  readonly project: string;
  readonly db: string;
  /** Added to the environment: SUPABASE_ACCESS_TOKEN, SUPABASE_PROFILE. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Opens the CLI, which npm fetches the first time. The database's password goes by the environment: everybody on
 * a machine can read command lines.
 *
 * @throws {StackError} when npm cannot give it; so do the commands when they fail, in the CLI's words
 */
export async function openSupabase(
  { root, project, db, env }: Target,
): Promise<Supabase> {
  const path = await (executable ??= find());
  const url = new URL(db);
  const password = decodeURIComponent(url.password);
  url.password = "";
  const run = (remote: string, args: string[], more = {}) =>
    json(path, [
      ...args,
      `--remote=${remote}`,
      "--output-format=json",
      ...args.some((it) => it.startsWith("--workdir="))
        ? []
        : [`--workdir=${root}`],
    ], { ...env, ...more, ...QUIET });
  return {
    api: (...args) => run(project, args),
    database: (...args) =>
      run(url.href, args, password ? { PGPASSWORD: password } : {}),
  };
}

/** npm takes longer to say where it is than most commands to run. */
let executable: Promise<string> | undefined;

async function find(): Promise<string> {
  const { success, stdout, stderr } = await output("npx", [
    "--yes",
    `--package=${SUPABASE_CLI}`,
    "--call",
    "command -v supabase",
  ], {});
  const path = stdout.trim();
  if (success && path !== "") return path;
  throw new StackError(`npm does not give ${SUPABASE_CLI}: ${stderr.trim()}`);
}

async function json(
  path: string,
  args: string[],
  env: Record<string, string>,
): Promise<unknown> {
  const { success, stdout, stderr } = await output(path, args, env);
  const answer = parse(stdout);
  if (success && answer !== undefined) return answer;
  const command = args.filter((arg) => !arg.startsWith("--")).slice(0, 2);
  throw new StackError(
    `supabase ${command.join(" ")}: ${reason(answer) ?? stderr.trim()}`,
  );
}

function reason(answer: unknown): string | undefined {
  const error = member(answer, "error");
  const texts = [member(error, "message"), member(error, "suggestion")]
    .filter((text) => typeof text === "string");
  return texts.length > 0 ? texts.join("\n").trim() : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, name)
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller tells what was printed instead
  }
}

async function output(
  command: string,
  args: string[],
  env: Record<string, string>,
) {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args,
      env,
      stdin: "null",
      signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
    }).output();
    const decoder = new TextDecoder();
    return {
      success,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new StackError(
      `${command} is not on the PATH: the Supabase CLI comes from the npm package ${SUPABASE_CLI}`,
    );
  }
}

import { fileURLToPath } from "node:url";
import { StackError } from "../../stack/errors.ts";
import { CACHE_DIR } from "../../stack/paths.ts";
import { type ApiEnvironment, environmentOf } from "./environment.ts";

const MAIN = fileURLToPath(new URL("../../stack/main.ts", import.meta.url));

const ARGUMENTS = ["run", "--allow-all", "--unstable-no-legacy-abort", MAIN];

/** A stack in a process of its own. */
export interface SpawnedStack {
  environment: ApiEnvironment;
  /** The line `--json` printed. */
  json: Record<string, string>;
  process: Deno.ChildProcess;
  /** Stops it as Ctrl-C does, and waits until it has. */
  stop(): Promise<Deno.CommandStatus>;
}

/** How to start one. */
export interface SpawnOptions {
  /** The file that everything it reports goes to. */
  log?: string;
  /** Keep what it reports before it is ready off standard error too. */
  quiet?: boolean;
  /** Added to this process's environment. */
  env?: Record<string, string>;
}

/** Where a stack's log goes unless told. */
export const STACK_LOG = `${CACHE_DIR}/stack.log`;

/**
 * Starts `stack/main.ts` and waits until it is ready. It ends with this process, however that ends.
 * What it reports until it is ready goes to standard error.
 *
 * @throws {StackError} when it ends instead
 */
export async function spawnStack(
  args: string[],
  { log = STACK_LOG, quiet = false, env = {} }: SpawnOptions = {},
): Promise<SpawnedStack> {
  await Deno.mkdir(CACHE_DIR, { recursive: true });
  const process = new Deno.Command(Deno.execPath(), {
    args: [...ARGUMENTS, "--json", "--attached", ...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let ready = quiet;
  const logged = relay(process.stderr, log, () => ready);
  const line = await firstLine(process.stdout);
  ready ||= line !== undefined;
  const stop = async () => {
    // closed already where the process has ended
    await process.stdin.close().catch(() => {});
    const status = await process.status;
    await logged;
    return status;
  };
  const json: Record<string, string> = line ? JSON.parse(line) : {};
  const environment = environmentOf(json.API_URL, json);
  if (environment) return { environment, json, process, stop };
  await stop();
  throw new StackError("the stack did not start");
}

async function firstLine(
  stream: ReadableStream<Uint8Array>,
): Promise<string | undefined> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    text += part;
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
}

async function relay(
  stream: ReadableStream<Uint8Array>,
  log: string,
  quiet: () => boolean,
): Promise<void> {
  using file = await Deno.open(log, {
    write: true,
    create: true,
    truncate: true,
  });
  for await (const bytes of stream) {
    await file.write(bytes);
    if (!quiet()) await Deno.stderr.write(bytes);
  }
}

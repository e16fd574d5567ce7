import { fileURLToPath } from "node:url";
import { StackError } from "../../stack/errors.ts";
import { type ApiEnvironment, environmentOf } from "./environment.ts";

const MAIN = fileURLToPath(new URL("../../stack/main.ts", import.meta.url));

/** A stack in a process of its own. */
export interface SpawnedStack {
  environment: ApiEnvironment;
  /** The line `--json` printed. */
  json: Record<string, string>;
  pid: number;
  stop(): Promise<Deno.CommandStatus>;
}

/**
 * Starts `stack/main.ts --json` with `args` and waits until it is ready. What it reports goes to this
 * process's standard error, and Ctrl-C stops it before this process ends.
 *
 * @throws {StackError} when it ends instead
 */
export async function spawnStack(
  args: string[],
  env: Record<string, string> = {},
): Promise<SpawnedStack> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--unstable-no-legacy-abort",
      MAIN,
      "--json",
      ...args,
    ],
    env,
    stdout: "piped",
  }).spawn();
  const interrupt = () => {}; // the terminal sends it to the stack as well; `stop` waits for it
  Deno.addSignalListener("SIGINT", interrupt);
  const line = await firstLine(child.stdout);
  if (line === undefined) {
    Deno.removeSignalListener("SIGINT", interrupt);
    throw new StackError("the stack did not start");
  }
  const json: Record<string, string> = JSON.parse(line);
  const environment = environmentOf(json);
  if (!environment) throw new StackError(`the stack printed ${line}`);
  return {
    environment,
    json,
    pid: child.pid,
    stop: async () => {
      try {
        child.kill("SIGTERM");
      } catch {
        // it has ended already
      }
      const status = await child.status;
      Deno.removeSignalListener("SIGINT", interrupt);
      return status;
    },
  };
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

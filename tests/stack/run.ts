import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../stack/main.ts", import.meta.url));

/** Long enough for a first start on a slow machine; nothing here waits for it when all is well. */
const LIMIT_MILLISECONDS = 60_000;

/** Starts `stack/main.ts`; it is killed when it outlives the limit. */
export function start(
  args: string[],
  env: Record<string, string> = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--unstable-no-legacy-abort", MAIN, ...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(LIMIT_MILLISECONDS),
  }).spawn();
}

/** Runs it to its end. */
export async function run(args: string[], env: Record<string, string> = {}) {
  const process = start(args, env);
  await process.stdin.close();
  const { code, stdout, stderr } = await process.output();
  return {
    code,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}

/** Whether a process is there. */
export function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT"); // which does nothing to a process that runs
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

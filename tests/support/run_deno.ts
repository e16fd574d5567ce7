/** How a process ended, and what it printed. */
export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of Deno's to its end, two minutes at the most. */
export async function runDeno(
  args: string[],
  options: Pick<Deno.CommandOptions, "clearEnv" | "cwd" | "env" | "stdin"> = {},
): Promise<Run> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    ...options,
    args,
    signal: AbortSignal.timeout(120_000),
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

import { parseSummary, type Summary } from "./summary.ts";

/** How one `deno test` ended. */
export interface TestRun {
  code: number;
  summary: Summary;
}

/** Runs `deno test` and prints what it prints, line by line, so that two can run side by side. */
export async function denoTest(
  paths: string[],
  options: string[],
  env: Record<string, string>,
): Promise<TestRun> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", ...options, ...paths],
    env: {
      ...env,
      ...(Deno.stdout.isTerminal() ? { FORCE_COLOR: "1" } : {}),
    },
    stdout: "piped",
  }).spawn();
  const encoder = new TextEncoder();
  let tail = "";
  let line = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    tail = (tail + text).slice(-10_000);
    line += text;
    const end = line.lastIndexOf("\n") + 1;
    await Deno.stdout.write(encoder.encode(line.slice(0, end)));
    line = line.slice(end);
  }
  await Deno.stdout.write(encoder.encode(line));
  const { code } = await child.status;
  const summary = parseSummary(tail) ??
    { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return { code, summary };
}

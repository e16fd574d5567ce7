import { fileURLToPath } from "node:url";
import { runCli } from "../stack/cli.ts";
import { StackError } from "../stack/errors.ts";
import { deploy } from "./deploy/deploy.ts";
import { HELP, parseOptions } from "./deploy/options.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(
  /[\\/]$/,
  "",
);

await runCli(main);

async function main(args: string[]): Promise<number> {
  const env = Deno.env.toObject();
  const options = parseOptions(args, env);
  if (options === undefined) {
    console.log(HELP);
    return 0;
  }
  const clean = await deploy({ root: ROOT, env }, options, {
    say: (line) => console.log(line),
    progress: (line) => console.error(`  ${line}`),
    confirm: ask,
  });
  return clean ? 0 : 1;
}

function ask(question: string): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new StackError(`${question} There is no terminal to ask at: --yes`);
  }
  return confirm(question);
}

import { StackError } from "./errors.ts";

/** Runs a command and ends the process with the code it returns; a StackError is one line and 1. */
export async function runCli(
  main: (args: string[]) => Promise<number>,
): Promise<never> {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}

/**
 * Checks the types of everything, as `deno task verify` does, and prints what is wrong: in a moment when
 * nothing has changed since. `deno test` remembers its own checks only, one for each list of files.
 */
export async function checkTypes(): Promise<{ code: number }> {
  const check = new Deno.Command(Deno.execPath(), {
    args: ["check", "-q", "."],
  });
  return await check.spawn().status;
}

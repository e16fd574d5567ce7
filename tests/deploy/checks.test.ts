import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { checkCommit } from "../../tasks/deploy/checks.ts";

/** A checkout whose `ok` runs one command. */
async function withOk(
  command: string,
  work: (root: string, log: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "deploy-ok-" });
  try {
    await Deno.writeTextFile(
      `${root}/deno.json`,
      JSON.stringify({ tasks: { ok: command } }),
    );
    await work(root, `${root}/logs/deploy.log`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a commit that fails its tests is refused, with the place of the log", async () => {
  await withOk("echo one test failed && false", async (root, log) => {
    const { message } = await assertRejects(
      () => checkCommit(root, log),
      StackError,
    );
    assertStringIncludes(message, log);
    assertStringIncludes(await Deno.readTextFile(log), "one test failed");
  });
});

Deno.test("the tests of a commit are not told of the project it is deployed to", async () => {
  await withOk("echo [$SUPABASE_URL] [$HOME]", async (root, log) => {
    await checkCommit(root, log);
    const text = await Deno.readTextFile(log);
    assertEquals(text.includes("[]"), true);
    assertStringIncludes(text, `[${Deno.env.get("HOME")}]`);
  });
});

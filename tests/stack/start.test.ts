import { assert, assertEquals, assertMatch } from "@std/assert";
import { spawnStack } from "../../tasks/support/spawn_stack.ts";
import { eventually } from "../support/eventually.ts";
import { isRunning, start } from "./run.ts";
import { type Project, scratchProject } from "./scratch.ts";

const FILES = {
  "config.toml": "[functions.pid]\nverify_jwt = false\n",
  "functions/pid/index.ts":
    "export default { fetch: () => Response.json(Deno.pid) };",
};

async function withProject(
  use: (project: Project, env: Record<string, string>) => Promise<void>,
) {
  await using project = await scratchProject(FILES);
  await use(project, { STACK_SUPABASE_DIR: project.folder });
}

/** The first line of standard output. */
async function firstLine(process: Deno.ChildProcess): Promise<string> {
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value;
    if (text.includes("\n")) break;
  }
  await reader.cancel();
  return text.slice(0, text.indexOf("\n"));
}

async function functionPid(url: string): Promise<number> {
  return await (await fetch(`${url}/functions/v1/pid`)).json();
}

Deno.test("--json prints one line: where it listens and its keys", async () => {
  await withProject(async (_, env) => {
    const process = start(["--port", "0", "--json", "--attached"], env);
    const line = await firstLine(process);
    const { API_URL, ...keys } = JSON.parse(line);
    assertMatch(API_URL, /^http:\/\/127\.0\.0\.1:\d+$/);
    assertEquals(keys, {
      PUBLISHABLE_KEY: "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH",
      SECRET_KEY: "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz",
    });
    await process.stdin.close();
    await process.stderr.cancel();
    assertEquals((await process.status).code, 0);
  });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} stops the stack and its functions, cleanly`, async () => {
    await withProject(async (_, env) => {
      const process = start(["--port", "0", "--json"], env);
      const { API_URL } = JSON.parse(await firstLine(process));
      const pid = await functionPid(API_URL);
      assert(isRunning(pid));
      process.kill(signal);
      assertEquals((await process.status).code, 0);
      assert(!isRunning(pid), "a function outlives the stack");
      await process.stdin.close();
      await process.stderr.cancel();
    });
  });
}

Deno.test("Ctrl-C stops a stack that is still starting", async () => {
  await withProject(async (project, env) => {
    await project.write("seed.sql", "select pg_sleep(30);");
    const process = start(["--port", "0"], env);
    const progress = process.stderr.pipeThrough(new TextDecoderStream())
      .getReader();
    let text = "";
    while (!text.includes("seed")) text += (await progress.read()).value ?? "";
    process.kill("SIGINT");
    assertEquals((await process.status).signal, "SIGINT");
    await progress.cancel();
    await process.stdin.close();
    await process.stdout.cancel();
  });
});

Deno.test("a stack that is killed leaves no function behind", async () => {
  await withProject(async (_, env) => {
    const process = start(["--port", "0", "--json"], env);
    const { API_URL } = JSON.parse(await firstLine(process));
    const pid = await functionPid(API_URL);
    process.kill("SIGKILL");
    await process.status;
    assert(
      await eventually(() => !isRunning(pid)),
      "a function outlives the stack",
    );
    await process.stdin.close().catch(() => {});
    await process.stderr.cancel();
  });
});

Deno.test("--data keeps what is in the database", async () => {
  await withProject(async (project, env) => {
    const args = ["--port", "0", "--data", `${project.folder}/data`];
    const signUp = async () => {
      const { environment, stop } = await spawnStack(args, {
        log: `${project.folder}/stack.log`,
        quiet: true,
        env,
      });
      const response = await fetch(
        `${environment.SUPABASE_URL}/auth/v1/signup`,
        {
          method: "POST",
          headers: { apikey: environment.SUPABASE_PUBLISHABLE_KEY },
          body: JSON.stringify({
            email: "kept@example.com",
            password: "long-enough",
          }),
        },
      );
      await response.body?.cancel();
      await stop();
      return response.status;
    };
    assertEquals(await signUp(), 200);
    assertEquals(await signUp(), 422);
  });
});

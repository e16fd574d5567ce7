import { assertEquals, assertMatch } from "@std/assert";
import { run } from "./run.ts";
import { scratchProject } from "./scratch.ts";

/** Runs in a project of its own and expects one line on standard error and exit code 1. */
async function refused(
  args: string[],
  files: Record<string, string> = {},
): Promise<string> {
  await using project = await scratchProject(files);
  const { code, stdout, stderr } = await run(["--port", "0", ...args], {
    STACK_SUPABASE_DIR: project.folder,
  });
  const lines = stderr.trimEnd().split("\n").filter((line) =>
    !line.startsWith("  ")
  );
  assertEquals([code, stdout, lines.length], [1, "", 1], stderr);
  return lines[0] ?? "";
}

Deno.test("--help prints the options and starts nothing", async () => {
  const { code, stdout } = await run(["--help"]);
  assertEquals(code, 0);
  for (
    const option of [
      "--port",
      "--db",
      "--data",
      "--no-seed",
      "--json",
      "--help",
    ]
  ) {
    assertMatch(stdout, new RegExp(`^  ${option} `, "m"));
  }
});

Deno.test("what the command line gets wrong is one clear line and exit code 1", async () => {
  assertMatch(await refused(["--prot", "1"]), /--prot.*--help/);
  assertMatch(
    await refused(["--port", "http"]),
    /^--port wants a number.*"http"$/,
  );
  assertMatch(await refused(["--port", "70000"]), /^--port wants a number/);
  assertMatch(
    await refused(["--db", "localhost"]),
    /^--db wants a URL like postgresql:/,
  );
  assertMatch(
    await refused(["--db", "postgres://x", "--data", "y"]),
    /exclude each other/,
  );
});

Deno.test("a taken port is one clear line and exit code 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assertEquals(
    await refused(["--port", String(port)]),
    `port ${port} is taken: stop what listens there or pass --port`,
  );
});

Deno.test("a database that does not answer is one clear line, without the password", async () => {
  const line = await refused([
    "--db",
    "postgresql://me:secret@127.0.0.1:1/none",
  ]);
  assertMatch(
    line,
    /^no database at postgresql:\/\/me:\*\*\*@127\.0\.0\.1:1\/none: .+/,
  );
});

Deno.test("a malformed config.toml is one clear line", async () => {
  const line = await refused([], { "config.toml": "[functions.x\n" });
  assertMatch(line, /config\.toml:\d+: .+/);
});

Deno.test("a broken migration is named with its line, SQLSTATE and message", async () => {
  const line = await refused([], {
    "migrations/20260101000000_good.sql":
      "create table public.good (id integer);",
    "migrations/20260102000000_bad.sql":
      "select 1;\n\ncreate table public.bad (id nothing);",
  });
  assertEquals(
    line,
    '20260102000000_bad.sql:3: 42704 type "nothing" does not exist',
  );
});

Deno.test("a broken seed is named with its line, SQLSTATE and message", async () => {
  const line = await refused([], { "seed.sql": "select 1;\nselect 1 / 0;" });
  assertMatch(line, /^seed\.sql.*: 22012 division by zero$/);
});

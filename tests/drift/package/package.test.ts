import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { spawn } from "node:child_process";
import { type Installed, installed } from "./installed.ts";

const FILES = {
  "supabase/migrations/20250101000000_pets.sql":
    "create table public.pets (id int primary key, name text not null);",
  "supabase/functions/feed/index.ts":
    `Deno.serve(async (req) => { const { pet } = await req.json(); });`,
  "src/pets.ts": `import { supabase } from "./client";
await supabase.from("pets").select("id, nme");
await supabase.functions.invoke("fed", { body: { pet: 1 } });`,
  "src/db.ts": `import { Pool } from "pg";
await new Pool().query("select agee from pets");`,
};
const FOUND = [
  'src/db.ts:2:32 raw-sql: column "agee" does not exist',
  'src/pets.ts:2:41 unknown-column: pets has no column "nme" — did you mean "name"?',
  'src/pets.ts:3:34 unknown-edge-function: there is no edge function "fed" — did you mean "feed"?',
];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  { folder, env }: Installed,
  command: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<Ended> {
  const child = spawn(command, args, { cwd: folder, env: { ...env, ...more } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => stdout += chunk);
  child.stderr.on("data", (chunk) => stderr += chunk);
  return new Promise((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  );
}

/** The script of the action's step, as GitHub runs it, with the package that is installed. */
async function actionScript(): Promise<string> {
  const file = new URL("../../../drift/action.yml", import.meta.url);
  const [, script] =
    /run: \|\n([\s\S]*?)\n {6}id: drift/.exec(await Deno.readTextFile(file)) ??
      [];
  if (script === undefined) throw new Error("the action has no script");
  return script.replace('"supabase-drift@$VERSION"', "supabase-drift");
}

Deno.test("packed, installed and run on Node without Deno", async (t) => {
  await using project = await installed();
  for (const [path, text] of Object.entries(FILES)) {
    const file = `${project.folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  const gate = (...args: string[]) =>
    run(project, "npx", ["supabase-drift", ...args]);

  await t.step("there is no Deno", async () => {
    const { code } = await run(project, "sh", ["-c", "command -v deno"]);
    assertEquals(code === 0, false);
  });

  await t.step("it judges without a single option", async () => {
    const { code, stdout, stderr } = await gate();
    assertEquals(stdout.trim().split("\n"), FOUND, stderr);
    assertEquals(code, 1);
  });

  await t.step("what was made once is kept", async () => {
    const started = performance.now();
    await gate("src/pets.ts");
    const again = performance.now() - started;
    assert(again < 20_000, `${again} ms`);
  });

  await t.step("it says when it cannot run", async () => {
    const { code, stderr } = await gate("nowhere");
    assertEquals(code, 2);
    assertStringIncludes(stderr, "no such file or folder: nowhere");
  });

  await t.step("--fix mends", async () => {
    await Deno.writeTextFile(
      `${project.folder}/src/other.ts`,
      FILES["src/pets.ts"],
    );
    const { code, stdout } = await gate("--fix", "src/other.ts");
    assertEquals([code, stdout], [0, ""]);
    await Deno.remove(`${project.folder}/src/other.ts`);
  });

  await t.step(
    "the action writes SARIF and tells drift from failure",
    async () => {
      const script = await actionScript();
      const output = `${project.folder}/output`;
      const env = {
        OPTIONS: "--advice src supabase/functions",
        SARIF: "found.sarif",
        GITHUB_OUTPUT: output,
      };
      const bash = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
      const drifting = await run(project, "bash", bash, env);
      assertEquals(drifting.code, 0, drifting.stderr);
      assertEquals(await Deno.readTextFile(output), "drift=1\n");
      const sarif = JSON.parse(
        await Deno.readTextFile(`${project.folder}/found.sarif`),
      );
      assertEquals(
        new Set(
          sarif.runs[0].results.map((it: { ruleId: string }) => it.ruleId),
        ).has("unknown-column"),
        true,
      );
      const broken = await run(project, "bash", bash, {
        ...env,
        OPTIONS: "nowhere",
      });
      assertEquals(broken.code, 1);
    },
  );
});

Deno.test("the package takes the versions that the repository does", async () => {
  const read = async (path: string) =>
    JSON.parse(
      await Deno.readTextFile(new URL(`../../../${path}`, import.meta.url)),
    );
  const { dependencies } = await read("drift/package/package.json");
  const { imports } = await read("import_map.json");
  for (const [name, version] of Object.entries(dependencies)) {
    assertEquals(imports[name], `npm:${name}@${version}`);
  }
});

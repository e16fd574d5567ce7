import { assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import {
  TYPES_PACKAGE,
  typesPackage,
} from "../../tasks/release/types_package.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = await Deno.readTextFile(
  `${ROOT}/supabase/functions/_shared/database.types.ts`,
);

const RIGHT = `
import { createClient } from "@supabase/supabase-js";
import { Constants, type Database, type Enums, type Tables } from "${TYPES_PACKAGE}";

const client = createClient<Database>("http://127.0.0.1", "key");
const { data, error } = await client.from("profiles").select("id, name").single();
if (error) throw error;
const name: string | null = data.name;
const profile: Pick<Tables<"profiles">, "id"> = data;
const roles: readonly Enums<"app_role">[] = Constants.public.Enums.app_role;
console.log(name, profile.id, roles);
`;

/** Each with the one error it must have. */
const WRONG = {
  "a column that is not there": [
    `import type { Tables } from "${TYPES_PACKAGE}";
     export const wrong = (row: Tables<"profiles">) => row.no_such_column;`,
    "Property 'no_such_column' does not exist",
  ],
  "a value that an enum does not have": [
    `import type { Enums } from "${TYPES_PACKAGE}";
     export const wrong: Enums<"app_role"> = "emperor";`,
    `Type '"emperor"' is not assignable`,
  ],
  "a table that is not there": [
    `import type { Tables } from "${TYPES_PACKAGE}";
     export type Wrong = Tables<"no_such_table">;`,
    `Type '"no_such_table"' does not satisfy the constraint`,
  ],
} as const;

/** A project that has installed the package with npm, and the repository's supabase-js beside it. */
async function consumer(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "types-consumer-" });
  const types = `${folder}/dist/types`;
  await Deno.mkdir(types, { recursive: true });
  for (
    const [name, text] of Object.entries(typesPackage(SOURCE, "1.2.3"))
  ) {
    await Deno.writeTextFile(`${types}/${name}`, text);
  }
  await Deno.writeTextFile(`${folder}/package.json`, `{"type":"module"}`);
  const options = ["--offline", "--no-audit", "--no-fund", "--no-save"];
  const { success, stderr } = await new Deno.Command("npm", {
    args: ["install", ...options, "./dist/types"],
    cwd: folder,
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await Deno.mkdir(`${folder}/node_modules/@supabase`);
  await Deno.symlink(
    await Deno.realPath(`${ROOT}/node_modules/@supabase/supabase-js`),
    `${folder}/node_modules/@supabase/supabase-js`,
  );
  return folder;
}

/** What the compiler says of a consumer's files, by file. */
async function errorsOf(
  folder: string,
  files: Record<string, string>,
  options: ts.CompilerOptions,
): Promise<Record<string, string[]>> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  const program = ts.createProgram(
    Object.keys(files).map((name) => `${folder}/${name}`),
    {
      ...options,
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: [],
      skipLibCheck: true,
    },
  );
  const found = Object.fromEntries(
    Object.keys(files).map((name) => [name, Array<string>()]),
  );
  for (const { file, messageText } of ts.getPreEmitDiagnostics(program)) {
    const name = file?.fileName.slice(folder.length + 1) ?? "";
    const text = ts.flattenDiagnosticMessageText(messageText, " ");
    (found[name] ??= []).push(text);
  }
  return found;
}

Deno.test("the web app installs the types with npm, and its compiler knows the database", async () => {
  const folder = await consumer();
  try {
    const files = {
      "right.ts": RIGHT,
      ...Object.fromEntries(
        Object.entries(WRONG).map(([name, [text]]) => [`${name}.ts`, text]),
      ),
    };
    const found = await errorsOf(folder, files, {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler, // Vite's
    });
    const { "right.ts": right, ...wrong } = found;
    assertEquals(right, []);
    assertEquals(
      Object.values(wrong).map((errors) => errors.length),
      Object.keys(WRONG).map(() => 1),
    );
    for (const [name, [, expected]] of Object.entries(WRONG)) {
      const [message = ""] = found[`${name}.ts`] ?? [];
      assertEquals(message.slice(0, expected.length), expected);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the package has one version, is nobody's to publish, and names files that it has", () => {
  const files = typesPackage(SOURCE, "1.2.3");
  const { version, exports, private: isPrivate } = JSON.parse(
    files["package.json"] ?? "",
  );
  assertEquals([version, isPrivate], ["1.2.3", true]);
  for (const path of Object.values<string>(exports["."])) {
    assertEquals(typeof files[path.replace("./", "")], "string", path);
  }
});

Deno.test("the package's module has the enums' values at run time", async () => {
  const module = typesPackage(SOURCE, "1.2.3")["index.js"] ?? "";
  const { Constants } = await import(
    `data:text/javascript,${encodeURIComponent(module)}`
  );
  assertEquals(Constants.public.Enums.user_status, ["active", "inactive"]);
});

Deno.test("types that cannot be declared file by file are refused", () => {
  assertThrows(
    () =>
      typesPackage("export const made = Math.random() + ''.length;", "1.0.0"),
    TypeError,
    "--isolatedDeclarations",
  );
});

import { assertEquals } from "@std/assert";
import { parse } from "smol-toml";
import importMap from "../../import_map.json" with { type: "json" };
import { ERRORS } from "../../supabase/functions/_shared/errors.ts";
import { SUPABASE_CLI } from "../../tasks/support/supabase_cli.ts";

const readme = Deno.readTextFileSync(
  new URL("../../README.md", import.meta.url),
);

/** The rows of the first table after a heading, as cells without their back-ticks. */
function tableUnder(heading: string): string[][] {
  const [, section = ""] = readme.split(`## ${heading}\n`);
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table.trimEnd().split("\n").slice(2).map((row) =>
    row.split("|").slice(1, -1).map((cell) => cell.trim())
  );
}

/** What CI has npm fetch besides Deno. */
function programsOfCi(): { name: string; version: string }[] {
  const scripts = ["run", "postgres"].map((name) =>
    Deno.readTextFileSync(new URL(`../../.ci/${name}`, import.meta.url))
  ).join("");
  return Array.from(
    scripts.matchAll(/(?:npx -y |^npm_package=)([@/a-z\d-]+)@([\w.-]+)/gm),
    ([, name = "", version = ""]) => ({ name, version }),
  ).filter(({ name }) => name !== "deno");
}

/** Every word in back-ticks. */
function quoted(text = ""): string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, word = ""]) => word);
}

Deno.test("the README's table of errors is the one in the code", () => {
  assertEquals(
    new Map(
      tableUnder("Errors").map(([code, status]) => [quoted(code)[0], status]),
    ),
    new Map(
      Object.entries(ERRORS).map(([code, [status]]) => [code, String(status)]),
    ),
  );
});

Deno.test("the README's table of functions is config.toml's, and each has its folder", () => {
  const config = parse(
    Deno.readTextFileSync(
      new URL("../../supabase/config.toml", import.meta.url),
    ),
  );
  const configured = Object.keys(Object(config.functions)).sort();
  const documented = tableUnder("Functions")
    .map(([call = ""]) => /[a-z]+(?:-[a-z]+)+/.exec(call)?.[0]).sort();
  const folders = Array.from(
    Deno.readDirSync(new URL("../../supabase/functions", import.meta.url)),
  ).filter(({ isDirectory, name }) => isDirectory && !name.startsWith("_"))
    .map(({ name }) => name).sort();
  assertEquals(documented, configured);
  assertEquals(folders, configured);
});

Deno.test("the README's table of functions names only codes that exist", () => {
  for (const [, , , codes] of tableUnder("Functions")) {
    for (const code of quoted(codes)) assertEquals(code in ERRORS, true, code);
  }
});

Deno.test("the README gives a reason for every dependency, and for no other", () => {
  const pinned = Object.values(importMap.imports).map((specifier) =>
    /^npm:\/?((?:@[^/]+\/)?[^@/]+)@/.exec(specifier)?.[1]
  );
  const explained = tableUnder("Dependencies").flatMap(([names = ""]) =>
    quoted(names.replace(/\(.*\)/, ""))
  );
  const programs = programsOfCi().map(({ name }) => name);
  assertEquals(new Set(explained), new Set([...pinned, ...programs]));
});

Deno.test("CI uses the Supabase CLI in the version that the tasks use", () => {
  const versions = programsOfCi().filter(({ name }) => name === "supabase")
    .map(({ name, version }) => `${name}@${version}`);
  assertEquals(new Set(versions), new Set([SUPABASE_CLI]));
});

import { assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { StackError } from "../../stack/errors.ts";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY } from "../../stack/keys.ts";
import { FUNCTIONS } from "../../supabase/functions/_shared/access.ts";
import { bundle, writeBundles } from "../../tasks/bundle/build.ts";
import { readSources } from "../../tasks/bundle/sources.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const sources = (await readSources())
  // the source, also in a run that serves the bundles
  .map(({ name }) => ({
    name,
    entrypoint: `${ROOT}/supabase/functions/${name}/index.ts`,
  }));
const bundles = await bundle(sources);

/** Bundles a function of this text. */
async function bundleText(text: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, text);
    const [made] = await bundle([{ name: "made", entrypoint: file }]);
    return new TextDecoder().decode(made?.code);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("each function has a bundle", () => {
  assertEquals(
    bundles.map(({ name }) => name),
    Object.keys(FUNCTIONS).toSorted(),
  );
});

Deno.test("a bundle holds no path of the machine it is made on, and no secret", () => {
  const secrets = Object.entries(LOCAL_DEFAULTS)
    .filter(([name]) => /_(SECRET|KEY)$/.test(name))
    .map(([, value]) => value);
  const texts = [
    ...secrets,
    JWT_SECRET,
    PUBLISHABLE_KEY,
    SECRET_KEY,
    ROOT.replace(/\/$/, ""),
    "node_modules",
    "file://",
    "sourceMappingURL",
  ];
  for (const { name, code } of bundles) {
    const text = new TextDecoder().decode(code);
    assertEquals(texts.filter((it) => text.includes(it)), [], name);
  }
});

Deno.test("the same sources give the same bytes, alone and together", async () => {
  assertEquals(await bundle(sources), bundles);
  for (const source of sources.slice(0, 3)) {
    const [alone] = await bundle([source]);
    assertEquals(
      alone?.code,
      bundles.find(({ name }) => name === source.name)?.code,
    );
  }
});

Deno.test("a bundle loads without config, import map, node_modules, network and Node's globals", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeBundles(folder, bundles);
    const script = `
      for (const name of ["process", "Buffer", "global"]) delete globalThis[name];
      for (const name of ${JSON.stringify(bundles.map(({ name }) => name))}) {
        const { default: served } = await import("./" + name + "/index.js");
        const request = new Request("http://localhost/" + name, { method: "OPTIONS" });
        const { status, headers } = await served.fetch(request);
        console.error(name, status, headers.get("Allow"));
      }`;
    await Deno.writeTextFile(`${folder}/main.js`, script);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-config",
        "--no-lock",
        "--no-npm",
        "--no-remote",
        "--allow-env",
        `--allow-read=${folder}`,
        `${folder}/main.js`,
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const lines = new TextDecoder().decode(stderr).trim().split("\n");
    assertEquals(code, 0, lines.join("\n"));
    assertEquals(
      lines.map((line) => line.replace(/( 200 )[A-Z, ]+, OPTIONS$/, "$1…")),
      bundles.map(({ name }) => `${name} 200 …`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a bundle may import the runtime's own modules by node: alone", async () => {
  const text = await bundleText(
    `import { isIP } from "node:net"; export default { fetch: () => new Response(String(isIP("::"))) };`,
  );
  assertEquals(text.match(/from"[^"]+"/g), [`from"node:net"`]);
  await assertRejects(
    () => bundleText(`import { isIP } from "net"; console.log(isIP("::"));`),
    StackError,
    `Could not resolve "net"`,
  );
});

Deno.test("what a bundle would load at run time is refused", async () => {
  const refused = [
    [`console.log(await import("node:net"));`, "node:net"],
    [
      `const name = Deno.args[0] ?? ""; console.log(await import(name));`,
      "import(",
    ],
    [`import { x } from "no-such-package"; console.log(x);`, "no-such-package"],
  ] as const;
  for (const [text, named] of refused) {
    await assertRejects(() => bundleText(text), StackError, named);
  }
});

Deno.test("a function that is not in config.toml cannot be bundled", async () => {
  await assertRejects(
    () => readSources("no-such-function"),
    StackError,
    "no-such-function",
  );
});

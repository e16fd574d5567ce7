import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { bundle, writeBundles } from "../../tasks/bundle/build.ts";
import { type ScratchStack, scratchStack } from "../stack/scratch.ts";

const SOURCE =
  `export default { fetch: () => new Response("answered by the source") };`;

const FILES = {
  "config.toml":
    "[functions.calendar-feed]\nverify_jwt = false\n\n[functions.other]\nverify_jwt = false\n",
  "functions/calendar-feed/index.ts": SOURCE,
  "functions/other/index.ts": SOURCE,
};

let folder: string;
let stack: ScratchStack;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "bundle-test-" });
  const entrypoint = fileURLToPath(
    new URL(
      "../../supabase/functions/calendar-feed/index.ts",
      import.meta.url,
    ),
  );
  await writeBundles(
    folder,
    await bundle([{ name: "calendar-feed", entrypoint }]),
  );
  stack = await scratchStack(FILES, { STACK_FUNCTIONS: folder });
});
Deno.test.afterAll(async () => {
  await stack.stop();
  await Deno.remove(folder, { recursive: true });
});

const SHARED = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "where a function has a bundle, the bundle answers and not the source",
  SHARED,
  async () => {
    const forged = `${stack.url}/functions/v1/calendar-feed/forged.ics`;
    const response = await fetch(forged);
    const { code } = await response.json();
    assertEquals([response.status, code], [404, "not_found"]);

    const post = await fetch(forged, { method: "POST" });
    assertEquals(post.headers.get("Allow"), "GET, HEAD, OPTIONS");
    await post.body?.cancel();
  },
);

Deno.test(
  "where a function has no bundle, the source answers",
  SHARED,
  async () => {
    const response = await fetch(`${stack.url}/functions/v1/other`);
    assertEquals(await response.text(), "answered by the source");
  },
);

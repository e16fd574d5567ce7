import { assertEquals } from "@std/assert";

const TYPES = new URL(
  "../../supabase/functions/_shared/database.types.ts",
  import.meta.url,
);

Deno.test("deno task types --out writes the same types for the web app", async () => {
  const folder = await Deno.makeTempDir({ prefix: "types-test-" });
  try {
    const out = `${folder}/types.ts`;
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "types", "--out", out],
      signal: AbortSignal.timeout(180_000),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertEquals(await Deno.readTextFile(out), await Deno.readTextFile(TYPES));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

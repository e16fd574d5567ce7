import { assertEquals, assertRejects } from "@std/assert";
import { StackError } from "../../stack/errors.ts";
import { FUNCTIONS } from "../../supabase/functions/_shared/access.ts";
import { overBudget, readBudgets } from "../../tasks/bundle/budgets.ts";
import { weigh } from "../../tasks/bundle/weights.ts";

const NAMES = Object.keys(FUNCTIONS);

async function withFile<T>(
  content: unknown,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(content));
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

const bundleOf = (name: string, size: number) => ({
  name,
  code: new Uint8Array(size),
  digest: "",
  inputs: {},
});

Deno.test("the feed and every webhook but Stripe's have 60 KB, stripe-webhook 300, others 350", async () => {
  const budgetOf = await readBudgets(NAMES);
  const expected = (name: string) =>
    name === "stripe-webhook"
      ? 300_000
      : name === "calendar-feed" || name.endsWith("-webhook")
      ? 60_000
      : 350_000;
  assertEquals(NAMES.map(budgetOf), NAMES.map(expected));
});

Deno.test("a bundle is over its budget from the first byte too many", () => {
  const exact = bundleOf("a", 60_000);
  const over = bundleOf("b", 60_001);
  assertEquals(overBudget([exact, over], () => 60_000), [over]);
});

Deno.test("a budget for no function, of no size or of another unit is refused", async () => {
  const valid = { unit: "KB of 1,000 bytes, minified", default: 350 };
  const wrong = [
    [{ ...valid, functions: { "no-such-function": 60 } }, "no-such-function"],
    [{ ...valid, functions: { "calendar-feed": 0 } }, "calendar-feed"],
    [{ ...valid, functions: {}, unit: "KiB" }, "unit"],
    [{ unit: valid.unit, functions: {} }, "default"],
  ] as const;
  for (const [content, named] of wrong) {
    await withFile(
      content,
      (file) =>
        assertRejects(() => readBudgets(NAMES, file), StackError, named),
    );
  }
});

Deno.test("weigh adds up a package's files, and ours by folder, the heaviest first", () => {
  const zod = "node_modules/.deno/zod@4.6.7/node_modules/zod";
  const auth =
    "node_modules/.deno/@supabase+auth-js@2.109.0/node_modules/@supabase/auth-js";
  const weights = weigh({
    inputs: {
      "supabase/functions/_shared/cors.ts": 5,
      [`${zod}/v4/core/a.js`]: 10,
      [`${zod}/v4/mini/b.js`]: 20,
      [`${auth}/dist/c.js`]: 40,
      [`${auth}/dist/shaken_out.js`]: 0,
      "supabase/functions/_shared/env.ts": 1,
    },
  });
  assertEquals(weights, [
    { of: "@supabase/auth-js@2.109.0", bytes: 40 },
    { of: "zod@4.6.7", bytes: 30 },
    { of: "supabase/functions/_shared", bytes: 6 },
  ]);
});

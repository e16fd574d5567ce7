import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LOCAL_DEFAULTS } from "../../stack/defaults.ts";
import { StackError } from "../../stack/errors.ts";
import { planSecrets, readSecrets } from "../../tasks/deploy/secrets.ts";
import { SETTINGS } from "../../tasks/deploy/settings.ts";

/** A project that has every required secret, each with the value `there`. */
const PROJECT = new Map(
  SETTINGS.filter(({ required }) => required).map((
    { name },
  ) => [
    name,
    "e244f187f696561d5fd7e00f618e7ba641dc52e3c137380f6fa23a854b773aac",
  ]),
);

async function read(text: string): Promise<ReadonlyMap<string, string>> {
  const path = await Deno.makeTempFile({ prefix: "deploy-secrets-" });
  try {
    await Deno.writeTextFile(path, text);
    return await readSecrets(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a file of secrets that must not reach production is refused by name, without the value", async () => {
  const cases = [
    ["STRIPE_WEBHOK_SECRET=x-value", "a setting of no function"],
    ["SUPABASE_URL=x-value", "a setting of no function"],
    ["RESEND_API_KEY=", "has no value"],
    ["CALENDAR_HMAC_SECRET=x-value", "shorter than 32 bytes"],
    [`EMAIL_FROM=${"x-value".repeat(4_000)}`, "longer than 24576"],
    [
      `CALCOM_WEBHOOK_SECRET=${LOCAL_DEFAULTS.CALCOM_WEBHOOK_SECRET}`,
      "everybody's local stack",
    ],
  ];
  for (const [text = "", reason = ""] of cases) {
    const { message } = await assertRejects(() => read(text), StackError);
    const [name = "", value = ""] = text.split("=");
    assertStringIncludes(message, name);
    assertStringIncludes(message, reason);
    assertEquals(value !== "" && message.includes(value), false);
  }
  await assertRejects(() => readSecrets("not/there.env"), StackError);
});

Deno.test("secrets are compared by digest: added, changed, unchanged", async () => {
  const given = await read(
    "SITE_URL=https://app.example\nRESEND_API_KEY=another\nSTRIPE_SECRET_KEY=there\n",
  );
  assertEquals(await planSecrets(given, PROJECT), {
    added: ["SITE_URL"],
    changed: ["RESEND_API_KEY"],
    unchanged: ["STRIPE_SECRET_KEY"],
  });
});

Deno.test("a model's key without the model is refused", async () => {
  const given = new Map([["AI_API_KEY", "key"]]);
  const { message } = await assertRejects(
    () => planSecrets(given, PROJECT),
    StackError,
  );
  assertStringIncludes(message, "AI_MODEL");
});

// drift-ignore-file unknown-argument: tries an argument that is no longer there
import { assert, assertEquals, assertThrows } from "@std/assert";
import { aiSettings } from "../../supabase/functions/generate-reflection-prompt/ai.ts";
import { createPerson, disable } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest, type Session, sqlTest } from "../support/sql.ts";
import { api } from "../support/stack.ts";
import { address, signUp } from "../database/profile_sync_users.ts";
import {
  atMidday,
  consent,
  reflectionTest,
  startReflection,
} from "./generate_reflection_prompt_calls.ts";

for (
  const [name, value] of Object.entries({
    AI_MODEL: "",
    AI_TIMEOUT_SECONDS: "soon",
  })
) {
  Deno.test(`an AI that is configured by half or wrongly is the operator's to mend: ${name}`, async () => {
    await using reflection = await startReflection({ [name]: value });
    const response = await reflection.call(await createPerson());
    const { code, error } = await response.json();
    assertEquals([response.status, code], [500, "not_configured"]);
    assertEquals(error.includes("AI_"), false); // the log alone names it
  });
}

Deno.test("the AI has 20 seconds for each of two attempts, or as many as are set, up to 60", () => {
  const withTimeout = (seconds?: string) => {
    const env: Record<string, string> = {
      AI_API_KEY: "ai-key",
      AI_MODEL: "a-model",
      ...(seconds === undefined ? {} : { AI_TIMEOUT_SECONDS: seconds }),
    };
    try {
      for (const [name, value] of Object.entries(env)) {
        Deno.env.set(name, value);
      }
      return aiSettings()?.timeoutMs;
    } finally {
      for (const name of Object.keys(env)) Deno.env.delete(name);
    }
  };
  assertEquals(withTimeout(), 20_000);
  assertEquals(withTimeout("45"), 45_000);
  for (const wrong of ["0", "-1", "61", "20s"]) {
    assertThrows(() => withTimeout(wrong), Error, "AI_TIMEOUT_SECONDS");
  }
});

reflectionTest(
  "a period that is neither week nor month is refused before anything is spent",
  async ({ ai, call }) => {
    const person = await consent(await createPerson());
    for (const periodType of ["daily", "on_demand", 1, null]) {
      const response = await call(person, { periodType, forceGenerate: true });
      assertEquals([response.status, (await response.json()).code], [
        400,
        "invalid_request",
      ]);
    }
    assertEquals(ai.asked, []);
    const { error } = await person.client.rpc("begin_reflection_prompt", {
      p_period_type: "daily",
      p_force: true,
    });
    assertEquals(error?.code, "22023");
  },
);

reflectionTest(
  "a prompt can be made anew five times a day, each time in place of the pending one",
  async ({ call, prompt }) => {
    const person = await atMidday(await createPerson());
    const first = await prompt(person);
    for (let i = 0; i < 5; i++) {
      assertEquals((await prompt(person, { forceGenerate: true })).isNew, true);
    }
    const refused = await call(person, { forceGenerate: true });
    assertEquals([refused.status, (await refused.json()).code], [
      429,
      "rate_limited",
    ]);
    const prompts = must(
      await person.client.from("generated_prompts").select("id, status").limit(
        10,
      ),
    );
    assertEquals(
      prompts.filter(({ status }) => status === "pending").length,
      1,
    );
    assertEquals(
      prompts.find(({ id }) => id === first.prompt.id)?.status,
      "expired",
    );
  },
);

reflectionTest(
  "the AI is asked ten times a day for somebody, however the prompts are got rid of",
  async ({ ai, prompt }) => {
    const person = await atMidday(await consent(await createPerson()));
    const sources: string[] = [];
    for (let i = 0; i < 11; i++) {
      const { prompt: { id }, source } = await prompt(person);
      sources.push(source);
      must(
        await person.client.from("generated_prompts")
          .update({ status: "skipped" }).eq("id", id).select("id"),
      );
    }
    assertEquals(sources, [...Array(10).fill("ai"), "fallback"]);
    assertEquals(ai.asked.length, 10);
  },
);

sqlTest("a period begins in the user's timezone", async (sql) => {
  const id = await signUp(sql, { email: address() });
  await sql.query(
    "update public.profiles set timezone = 'Pacific/Auckland' where id = $1",
    [id],
  );
  // Monday morning in Auckland, then the first of April
  for (
    const [period, now, begins] of [
      ["weekly", "2031-03-02T20:00:00Z", "2031-03-03"],
      ["monthly", "2031-03-31T20:00:00Z", "2031-04-01"],
    ] as const
  ) {
    const start = await begin(sql, id, { period, now });
    assertEquals(start.period_start, begins);
  }
});

sqlTest(
  "the day of a limit is one of UTC, which no change of timezone begins anew",
  async (sql) => {
    const id = await signUp(sql, { email: address() });
    const codes: unknown[] = [];
    const force = async (timezone: string, now: string) => {
      await sql.query(
        "update public.profiles set timezone = $2 where id = $1",
        [id, timezone],
      );
      codes.push((await begin(sql, id, { force: true, now })).code);
    };
    for (let i = 0; i < 5; i++) await force("UTC", "2031-03-03T00:00:01Z");
    await force("Pacific/Kiritimati", "2031-03-03T23:59:59Z");
    await force("Pacific/Pago_Pago", "2031-03-03T23:59:59Z");
    await force("UTC", "2031-03-04T00:00:00Z");
    assertEquals(codes, [
      ...Array(5).fill("make"),
      "rate_limited",
      "rate_limited",
      "make",
    ]);
  },
);

Deno.test("nobody says what time it is, nor saves a prompt of another time or kind", async () => {
  const { client } = await createPerson();
  const time = { p_now: "2031-03-03T00:00:00Z" };
  const begun = await client.rpc("begin_reflection_prompt", {
    p_period_type: "weekly",
    ...time,
  } as { p_period_type: string });
  assertEquals(begun.error?.code, "PGRST202");
  const prompt = {
    p_period_type: "weekly",
    p_period_start: new Date().toISOString().slice(0, 10),
    p_text: "What did you learn?",
    p_source: "fallback",
  };
  const saved = await client.rpc(
    "save_reflection_prompt",
    {
      ...prompt,
      ...time,
    } as typeof prompt,
  );
  assertEquals(saved.error?.code, "PGRST202");
  for (
    const wrong of [
      { p_period_type: "on_demand" },
      { p_period_start: "2031-03-03" },
      { p_source: "a coach" },
    ]
  ) {
    const { error } = await client.rpc("save_reflection_prompt", {
      ...prompt,
      ...wrong,
    });
    assertEquals(error?.code, "22023", JSON.stringify(wrong));
  }
  const { error } = await client.rpc("save_reflection_prompt", {
    ...prompt,
    p_text: "x".repeat(5001),
  });
  assertEquals(error?.code, "23514");
});

reflectionTest(
  "a disabled user gets no prompt, and nobody one without a token",
  async ({ call }) => {
    const person = await createPerson();
    await disable(person);
    const response = await call(person);
    assertEquals([response.status, (await response.json()).code], [
      403,
      "account_disabled",
    ]);
    const anonymous = await fetch(
      `${api.url}/functions/v1/generate-reflection-prompt`,
      {
        method: "POST",
      },
    );
    assertEquals([anonymous.status, (await anonymous.json()).code], [
      401,
      "unauthorized",
    ]);
  },
);

postgresTest(
  "twenty calls side by side leave one pending prompt, and twenty forced ones are five",
  async () => {
    await using reflection = await startReflection();
    const person = await atMidday(await consent(await createPerson()));
    const calls = await Promise.all(
      Array.from({ length: 20 }, () => reflection.prompt(person)),
    );
    assertEquals(new Set(calls.map(({ prompt }) => prompt.id)).size, 1);
    assert(reflection.ai.asked.length <= 10);
    const forced = await Promise.all(
      Array.from(
        { length: 20 },
        () => reflection.call(person, { forceGenerate: true }),
      ),
    );
    for (const response of forced) await response.body?.cancel();
    assertEquals(forced.filter(({ status }) => status === 200).length, 5);
    const pending = must(
      await person.client.from("generated_prompts").select("id")
        .eq("status", "pending").limit(10),
    );
    assertEquals(pending.length, 1);
  },
);

/** What the first half answers somebody at a time. */
async function begin(
  sql: Session,
  id: string,
  { period = "weekly", force = false, now }: {
    period?: string;
    force?: boolean;
    now: string;
  },
) {
  await sql.query(
    "select set_config('request.jwt.claims', jsonb_build_object('sub', $1::text)::text, true)",
    [id],
  );
  const [start] = await sql.query(
    "select code, period_start::text from private.begin_reflection_prompt($1, $2, $3::text::timestamptz)",
    [period, force, now],
  );
  return { code: start?.code, period_start: start?.period_start };
}

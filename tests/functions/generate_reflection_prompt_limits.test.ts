import { assertEquals } from "@std/assert";
import { startAi } from "../support/ai.ts";
import { createPerson, disable } from "../support/people.ts";
import { must } from "../support/rows.ts";
import { postgresTest } from "../support/sql.ts";
import { api } from "../support/stack.ts";
import {
  callAt,
  consent,
  promptAt,
  WEDNESDAY,
} from "./generate_reflection_prompt_calls.ts";

Deno.test("an AI that is configured by half is the operator's to mend, and the setting is named in the log alone", async () => {
  await using _ai = startAi();
  Deno.env.delete("AI_MODEL");
  const response = await callAt(await createPerson());
  assertEquals([response.status, (await response.json()).code], [
    500,
    "not_configured",
  ]);
});

Deno.test("a period that is neither week nor month is refused before anything is spent", async () => {
  await using ai = startAi();
  const person = await consent(await createPerson());
  for (const periodType of ["daily", "on_demand", 1, null]) {
    const response = await callAt(person, { periodType, forceGenerate: true });
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
});

Deno.test("a prompt can be made anew five times a day, each time in place of the pending one", async () => {
  const person = await createPerson();
  const first = await promptAt(person);
  for (let i = 0; i < 5; i++) {
    assertEquals((await promptAt(person, { forceGenerate: true })).isNew, true);
  }
  const refused = await callAt(person, { forceGenerate: true });
  assertEquals([refused.status, (await refused.json()).code], [
    429,
    "rate_limited",
  ]);
  const prompts = must(
    await person.client.from("generated_prompts").select("id, status").limit(
      10,
    ),
  );
  assertEquals(prompts.filter(({ status }) => status === "pending").length, 1);
  assertEquals(
    prompts.find(({ id }) => id === first.prompt.id)?.status,
    "expired",
  );
  const tomorrow = new Date(WEDNESDAY.getTime() + 86_400_000);
  assertEquals(
    (await promptAt(person, { forceGenerate: true }, tomorrow)).isNew,
    true,
  );
});

Deno.test("a period begins in the user's timezone", async () => {
  const person = await createPerson();
  must(
    await person.client.from("profiles").update({
      timezone: "Pacific/Auckland",
    })
      .eq("id", person.id).select("id"),
  );
  const sunday = new Date("2031-03-02T20:00:00Z"); // Monday morning in Auckland
  assertEquals(
    (await promptAt(person, {}, sunday)).prompt.period_start,
    "2031-03-03",
  );
  const month = new Date("2031-03-31T20:00:00Z");
  assertEquals(
    (await promptAt(person, { periodType: "monthly" }, month)).prompt
      .period_start,
    "2031-04-01",
  );
});

Deno.test("a disabled user gets no prompt, and nobody one without a token", async () => {
  const person = await createPerson();
  await disable(person);
  const response = await callAt(person);
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
});

postgresTest(
  "twenty calls side by side leave one pending prompt, and twenty forced ones are five",
  async () => {
    const person = await createPerson();
    const calls = await Promise.all(
      Array.from({ length: 20 }, () => promptAt(person)),
    );
    assertEquals(new Set(calls.map(({ prompt }) => prompt.id)).size, 1);
    const forced = await Promise.all(
      Array.from({ length: 20 }, () => callAt(person, { forceGenerate: true })),
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

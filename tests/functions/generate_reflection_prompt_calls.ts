import { assertEquals } from "@std/assert";
import { type AiStandIn, startAi } from "../support/ai.ts";
import { type OwnGateway, startOwnGateway } from "../support/gateway.ts";
import type { Person } from "../support/people.ts";
import { must } from "../support/rows.ts";

/** What generate-reflection-prompt answers. */
export interface Answer {
  prompt: { id: string; prompt_text: string; period_start: string };
  isNew: boolean;
  source: string;
}

/** generate-reflection-prompt in a process of its own, with an AI of the test. */
export interface Reflection extends AsyncDisposable {
  readonly ai: AiStandIn;
  call(person: Person, body?: Record<string, unknown>): Promise<Response>;
  /** The prompt that somebody gets. */
  prompt(person: Person, body?: Record<string, unknown>): Promise<Answer>;
}

/** Starts the function behind a gateway of its own. `env` goes over the settings for the AI. */
export async function startReflection(
  env: Record<string, string> = {},
): Promise<Reflection> {
  const ai = startAi();
  const gateway = await startOwnGateway({ env: { ...ai.env, ...env } });
  const call = callOf(gateway);
  return {
    ai,
    call,
    async prompt(person, body) {
      const response = await call(person, body);
      assertEquals(response.status, 200);
      return await response.json();
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await ai[Symbol.asyncDispose]();
    },
  };
}

function callOf({ url }: OwnGateway): Reflection["call"] {
  return (person, body = {}) =>
    fetch(`${url}/functions/v1/generate-reflection-prompt`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${person.token}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(body),
    });
}

let opening: Promise<Reflection> | undefined;

/** A test of the function behind a gateway that the tests of a file share; nothing has been asked. */
export function reflectionTest(
  name: string,
  run: (reflection: Reflection) => Promise<void>,
): void {
  Deno.test({
    name,
    // the gateway outlives the test that happens to open it
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const reflection = await (opening ??= startReflection());
      reflection.ai.asked.length = 0;
      reflection.ai.answers.length = 0;
      await run(reflection);
    },
  });
}

Deno.test.afterAll(async () => {
  const shared = await opening;
  opening = undefined;
  await shared?.[Symbol.asyncDispose]();
});

/** Lets somebody's data go to the AI. */
export async function consent(person: Person): Promise<Person> {
  must(
    await person.client.from("ai_preferences").update({
      ai_insights_enabled: true,
      consent_given_at: "2031-01-01T00:00:00Z",
    }).eq("user_id", person.id).select().single(),
  );
  return person;
}

/** Lets somebody live where it is midday, so that no day, week or month ends while a test runs. */
export async function atMidday(person: Person): Promise<Person> {
  const west = new Date().getUTCHours() - 12;
  // the signs of these names are those of POSIX: Etc/GMT+3 lies west of Greenwich
  const timezone = `Etc/GMT${west < 0 ? west : `+${west}`}`;
  must(
    await person.client.from("profiles").update({ timezone })
      .eq("id", person.id).select("id"),
  );
  return person;
}

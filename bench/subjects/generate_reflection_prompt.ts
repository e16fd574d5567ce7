import type { Person } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { api, secretClient } from "../../tests/support/stack.ts";
import { givenReader } from "../data/reader.ts";
import { rotating } from "../data/rotating.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "generate-reflection-prompt";
/** As often as a person's data goes to the AI in a day. */
const PROMPTS = 10;
const db = secretClient();

/** The prompt that waits, and a new one of the AI's, which is the same for both and on loopback. */
export const generateReflectionPrompt: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const waiting = await givenReader();
    await postingAs(waiting, NAME)(api.url);
    yield besideFormer({
      subject: NAME,
      size: "the pending prompt",
      prepare: (to) => Promise.resolve(postingAs(waiting, to)),
    });
    const reader = rotating(PROMPTS, givenReader);
    yield besideFormer({
      subject: NAME,
      size: "a new prompt",
      prepare: async (to) => {
        const person = await reader();
        await forgetPrompts(person);
        return postingAs(person, to);
      },
    });
  },
};

async function forgetPrompts({ id }: Person): Promise<void> {
  must(
    await db.from("generated_prompts").delete().eq("user_id", id).select("id"),
  );
}

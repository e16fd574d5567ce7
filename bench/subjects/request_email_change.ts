import { createPerson, uniqueEmail } from "../../tests/support/people.ts";
import { rotating } from "../data/rotating.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFloor } from "./beside.ts";

const NAME = "request-email-change";
/** As many as a person may ask for in an hour. */
const REQUESTS = 3;

/**
 * Somebody who signed in a moment ago and asks for another address. Beside the floor alone: it replaces no
 * function, the browser wrote the request's row, with a token of its own choice.
 */
export const requestEmailChange: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const person = rotating(REQUESTS, () => createPerson());
    yield besideFloor({
      subject: NAME,
      size: "just signed in",
      prepare: async (to) =>
        postingAs(await person(), to, { newEmail: uniqueEmail("new") }),
    });
  },
};

import { switchSync } from "../../tests/support/calendar.ts";
import { createPerson } from "../../tests/support/people.ts";
import { postingAs } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "generate-calendar-url";

/** A person who asks for the address of the own calendar. */
export const generateCalendarUrl: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const person = await createPerson();
    await switchSync(person, true);
    yield besideFormer({
      subject: NAME,
      size: "one person",
      prepare: (to) => Promise.resolve(postingAs(person, to)),
    });
  },
};

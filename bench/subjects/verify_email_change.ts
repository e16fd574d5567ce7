import { givenLink } from "../../tests/support/identity.ts";
import { createPerson, uniqueEmail } from "../../tests/support/people.ts";
import { posting } from "../request.ts";
import type { Subject } from "../subject.ts";
import { besideFormer } from "./beside.ts";

const NAME = "verify-email-change";

/** The link to a new address, followed by a person who gets one after the other. */
export const verifyEmailChange: Subject = {
  name: NAME,
  async *contests({ progress }) {
    progress(NAME);
    const person = await createPerson();
    let { email } = person;
    yield besideFormer({
      subject: NAME,
      size: "one person",
      prepare: async (to) => {
        const [oldEmail, newEmail] = [email, uniqueEmail("new")];
        const token = await givenLink({ person, oldEmail, newEmail });
        email = newEmail;
        return posting(to, { token });
      },
    });
  },
};

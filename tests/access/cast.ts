import { linksOf } from "../support/calendar.ts";
import { createPerson, disable, type Person } from "../support/people.ts";
import { secretClient } from "../support/stack.ts";

/** Everybody who calls, made once and changed by no test. */
export interface Cast {
  /** Whoever the functions are meant for, with calendar sync on. */
  user: Person;
  other: Person;
  admin: Person;
  /** Of people whose tokens still run: disabled, deleted. */
  tokens: { disabled: string; deleted: string };
  /** The link of a disabled user. */
  disabledLink: string;
}

/** Makes the cast. */
export async function givenCast(): Promise<Cast> {
  const [user, other, admin, disabled, deleted] = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson({ role: "admin" }),
    createPerson(),
    createPerson(),
  ]);
  await linksOf(user);
  const { url } = await linksOf(disabled);
  await disable(disabled);
  const { error } = await secretClient().auth.admin.deleteUser(deleted.id);
  if (error) throw error;
  return {
    user,
    other,
    admin,
    tokens: {
      disabled: disabled.token,
      deleted: deleted.token,
    },
    disabledLink: new URL(url).pathname.replace(/.*\/calendar-feed/, ""),
  };
}

import { assertEquals } from "@std/assert";
import { givenGroup } from "../support/group_rows.ts";
import { parallel, tally } from "../support/parallel.ts";
import { createPerson } from "../support/people.ts";
import { must, unique } from "../support/rows.ts";
import { realPostgres, secretClient } from "../support/stack.ts";

const db = secretClient();
const SOON = "2099-01-05T10:00:00Z";

Deno.test({
  name:
    "of eight who are registered at once for three places, three have one, on real Postgres",
  ...realPostgres,
  fn: async () => {
    const type = must(
      await db.from("session_types").insert({ name: unique("type") })
        .select("id").single(),
    );
    const session = must(
      await db.from("sessions").insert({
        session_type_id: type.id,
        title: "Open hour",
        session_date: SOON,
        status: "scheduled",
        max_participants: 3,
      }).select("id").single(),
    );
    const people = await parallel(8, () => createPerson());
    const answers = await Promise.all(
      people.map(({ id }) =>
        db.from("session_participants").insert({
          session_id: session.id,
          user_id: id,
          status: "registered",
        })
      ),
    );
    assertEquals(tally(answers.map(({ error }) => error?.code ?? "in")), {
      "in": 3,
      "23514": 5,
    });
  },
});

Deno.test({
  name:
    "a member who adds four times twenty sessions at once adds sixty, on real Postgres",
  ...realPostgres,
  fn: async () => {
    const member = await createPerson();
    const group = await givenGroup({ members: [member] });
    const rows = Array.from({ length: 20 }, () => ({
      group_id: group.id,
      title: "Peers",
      session_date: SOON,
      booked_by: member.id,
    }));
    const answers = await parallel(
      4,
      async () => await member.client.from("group_sessions").insert(rows),
    );
    assertEquals(tally(answers.map(({ error }) => error?.code ?? "in")), {
      "in": 3,
      "23514": 1,
    });
  },
});

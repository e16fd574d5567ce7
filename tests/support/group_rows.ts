import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { type Answer, type Insert, must, type Someone } from "./rows.ts";
import { secretClient } from "./stack.ts";

const db = secretClient();

/** An active peer group; the first member leads it. */
export async function givenGroup(
  { members, ...values }: {
    members: (Someone & {
      status?: Database["public"]["Enums"]["group_membership_status"];
    })[];
  } & Insert<"groups">,
): Promise<Someone & { name: string }> {
  const group = must(
    await db.from("groups").insert({
      name: "Peer Circle",
      status: "active",
      created_by: members[0]?.id ?? crypto.randomUUID(),
      ...values,
    }).select("id, name").single(),
  );
  must(
    await db.from("group_memberships").insert(
      members.map(({ id, status = "active" as const }, index) => ({
        group_id: group.id,
        user_id: id,
        role: index === 0 ? "leader" as const : "member" as const,
        status,
      })),
    ).select(),
  );
  return group;
}

/** A scheduled session of a peer group. */
export async function givenGroupSession(
  { group, startsAt, ...values }:
    & { group: Someone; startsAt: Date }
    & Insert<"group_sessions">,
): Promise<Someone> {
  return must(
    await db.from("group_sessions").insert({
      group_id: group.id,
      session_date: startsAt.toISOString(),
      title: "Peer Session",
      ...values,
    }).select("id").single(),
  );
}

/** Answers the invitation to a peer-group session. */
export async function givenGroupAnswer(
  { session, group, person, answer }: {
    session: Someone;
    group: Someone;
    person: Someone;
    answer: Answer;
  },
): Promise<void> {
  must(
    await db.from("group_session_participants").insert({
      session_id: session.id,
      group_id: group.id,
      user_id: person.id,
      response_status: answer,
    }).select(),
  );
}

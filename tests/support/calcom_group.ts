import { type Booked, givenEventType } from "./calcom.ts";
import { givenGroup } from "./group_rows.ts";
import { createPerson, type Person } from "./people.ts";
import type { Someone } from "./rows.ts";

/** A peer group whose sessions can be booked at Cal.com; the first member books, the host runs them. */
export async function givenPeerGroup(
  size: number,
  mapping: Parameters<typeof givenEventType>[0] = {
    session_target: "group_session",
  },
  program?: Someone,
): Promise<{
  group: Someone;
  members: Person[];
  host: Person;
  common: Booked;
}> {
  const host = await createPerson({ role: "coach", name: "Carol Coach" });
  const members: Person[] = [];
  for (let n = 0; n < size; n++) members.push(await createPerson());
  const group = await givenGroup({ members, program_id: program?.id });
  const { eventTypeId } = await givenEventType({
    ...mapping,
    default_group_id: group.id,
  });
  const [booker] = members;
  if (!booker) throw new Error("a group without members");
  return {
    group,
    members,
    host,
    common: { eventTypeId, organizer: host, attendee: booker },
  };
}

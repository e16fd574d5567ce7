import { type Bookable, givenBookable } from "../../tests/support/calcom.ts";
import { inDays, linksOf, switchSync } from "../../tests/support/calendar.ts";
import {
  givenInvite,
  givenOrganization,
} from "../../tests/support/organizations.ts";
import { createPerson, type Person } from "../../tests/support/people.ts";
import {
  givenEnrolment,
  givenModule,
  givenProgram,
  givenProgramCoach,
} from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";
import { givenPackage } from "../../tests/support/stripe_world.ts";

/** Whom the traffic is of. */
export interface World {
  coach: Person;
  clients: Person[];
  /** Links of coaches with 10 to 200 sessions each, and the ETag of each. */
  feeds: { url: string; etag: string }[];
  /** People who have been invited, with the token of their invitation. */
  invited: { token: string; invite: string }[];
  bookable: Bookable;
  packageId: string;
}

const CLIENTS = 20;
const INVITED = 20;
const FEED_SIZES = [10, 25, 50, 100, 200];

/** Makes them. */
export async function givenWorld(): Promise<World> {
  const program = await givenProgram();
  const coach = await createPerson({ role: "coach", name: "Carol Coach" });
  await givenProgramCoach({ program, coach });
  const clients = await times(CLIENTS, async () => {
    const client = await createPerson({ role: "client" });
    await givenEnrolment({ client, program });
    await switchSync(client, true);
    return client;
  });
  const feeds = [];
  for (const size of FEED_SIZES) feeds.push(await givenFeed(size));
  const organization = await givenOrganization();
  const invited = await times(INVITED, async () => {
    const { email, token } = await createPerson();
    const { token: invite } = await givenInvite(organization, {
      email,
      inviter: coach,
    });
    return { token, invite };
  });
  return {
    coach,
    clients,
    feeds,
    invited,
    bookable: await givenBookable(),
    packageId: await givenPackage(50),
  };
}

async function givenFeed(size: number): Promise<{ url: string; etag: string }> {
  const coach = await createPerson({ role: "coach" });
  const { id, programId } = await givenModule();
  const { error } = await secretClient().from("module_sessions").insert(
    Array.from({ length: size }, (_, index) => ({
      module_id: id,
      program_id: programId,
      instructor_id: coach.id,
      session_type: "group",
      title: `Session ${index}`,
      session_date: inDays(1, index).toISOString(),
    })),
  );
  if (error) throw error;
  const { url } = await linksOf(coach);
  const response = await fetch(url);
  await response.arrayBuffer();
  const etag = response.headers.get("ETag");
  if (!response.ok || !etag) throw new Error(`a feed of ${response.status}`);
  return { url, etag };
}

async function times<Item>(
  count: number,
  make: () => Promise<Item>,
): Promise<Item[]> {
  const items = [];
  for (let n = 0; n < count; n++) items.push(await make());
  return items;
}

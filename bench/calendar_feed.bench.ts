import { inDays, linksOf } from "../tests/support/calendar.ts";
import { createPerson } from "../tests/support/people.ts";
import { givenModule } from "../tests/support/rows.ts";
import { secretClient } from "../tests/support/stack.ts";

const db = secretClient();
const nobody = crypto.randomUUID();

for (const size of [10, 100, 1_000]) {
  const { url, etag } = await givenFeed(size);
  const group = `calendar-feed, ${size} sessions`;

  Deno.bench({ name: "a trivial RPC", group, baseline: true }, async () => {
    const { error } = await db.rpc("has_role", {
      _user_id: nobody,
      _role: "admin",
    });
    if (error) throw error;
  });
  Deno.bench({ name: `304 of ${size}`, group }, async () => {
    await fetched(url, 304, { "If-None-Match": etag });
  });
  Deno.bench({ name: `200 of ${size}`, group }, async () => {
    await fetched(url, 200);
  });
}

/** A coach with so many sessions, and the feed's link with its present ETag. */
async function givenFeed(size: number) {
  const coach = await createPerson({ name: "Carol Coach" });
  const { id, programId } = await givenModule();
  const { error } = await db.from("module_sessions").insert(
    Array.from({ length: size }, (_, index) => ({
      module_id: id,
      program_id: programId,
      instructor_id: coach.id,
      session_type: "group",
      title: `Session ${index}`,
      description: "What worked, what did not, what next.",
      location: "Strada Academiei 7, București",
      meeting_url: `https://meet.example.com/${index}`,
      session_date: inDays(1, index).toISOString(),
    })),
  );
  if (error) throw error;
  const { url } = await linksOf(coach);
  return { url, etag: await fetched(url, 200) };
}

async function fetched(
  url: string,
  status: number,
  headers: Record<string, string> = {},
): Promise<string> {
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  if (response.status !== status) throw new Error(`status ${response.status}`);
  return response.headers.get("ETag") ?? "";
}

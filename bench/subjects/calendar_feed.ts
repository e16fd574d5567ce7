import { linksOf, signedLink } from "../../tests/support/calendar.ts";
import { api, secretClient } from "../../tests/support/stack.ts";
import type { Person } from "../../tests/support/people.ts";
import { must } from "../../tests/support/rows.ts";
import { readEvents } from "../../supabase/functions/calendar-feed/events.ts";
import { gzip } from "../../supabase/functions/calendar-feed/http.ts";
import { renderCalendar } from "../../supabase/functions/calendar-feed/ics.ts";
import type { Contest, Contestant } from "../contest.ts";
import { execute } from "../databases.ts";
import { givenSessions } from "../data/sessions.ts";
import { count } from "../format.ts";
import { expecting } from "../request.ts";
import type { Subject } from "../subject.ts";
import { FLOOR } from "./floor.ts";

const SIZES = [10, 100, 1_000, 5_000];
const NAME = "calendar-feed";
const db = secretClient();

/**
 * The feed of a client who takes part in so many sessions of each kind: 304 and 200 while nothing changes,
 * and the 200 after a change, for which the calendar has to be rendered anew.
 */
export const calendarFeed: Subject = {
  name: NAME,
  async *contests({ progress, dbUrl }) {
    for (const size of dbUrl ? SIZES : SIZES.slice(0, -1)) {
      progress(`${NAME}: two clients with ${count(size)} sessions each`);
      const clients: [Person, Person] = [
        await givenSessions(size),
        await givenSessions(size),
      ];
      // nothing does on PGlite, whose plans for the largest size are not those of a database in use
      if (dbUrl) await execute(dbUrl, "analyze");
      yield await contestOf(size, ...clients);
    }
  },
};

async function contestOf(
  size: number,
  client: Person,
  changing: Person,
): Promise<Contest> {
  const pathname = await pathOf(client);
  const changingPath = await pathOf(changing);
  await tagOf(changingPath, size);
  const former = new URL(await signedLink(client, new Date()));
  const formerPath = former.pathname.replace(NAME, `former-${NAME}`) +
    former.search;
  const tag = await tagOf(pathname, size);
  const shown = await eventsIn(formerPath);
  return {
    subject: NAME,
    size: `${count(size)} sessions`,
    contestants: [
      FLOOR,
      {
        name: "304",
        role: "ours",
        prepare: () =>
          Promise.resolve(
            expecting(304, pathname, { headers: { "If-None-Match": tag } }),
          ),
      },
      {
        name: "200",
        role: "ours",
        prepare: () => Promise.resolve(expecting(200, pathname)),
      },
      {
        name: "200 after a change",
        role: "ours",
        prepare: async () => {
          await retitle(changing);
          return expecting(200, changingPath, {
            headers: { "If-None-Match": tag },
          });
        },
      },
      await rendering(client.id),
      {
        name: shown < size ? `200, ${count(shown)} of them` : "200",
        role: "replaced",
        prepare: () => Promise.resolve(expecting(200, formerPath)),
      },
    ],
  };
}

async function pathOf(client: Person): Promise<string> {
  return new URL((await linksOf(client)).url).pathname;
}

/** Changes one of the sessions that somebody takes part in. */
async function retitle({ id }: Person): Promise<void> {
  const [participation] = must(
    await db.from("module_session_participants").select("session_id")
      .eq("user_id", id).limit(1),
  );
  must(
    await db.from("module_sessions").update({ title: crypto.randomUUID() })
      .eq("id", participation?.session_id ?? "").select("id").single(),
  );
}

/** The function's own renderer and compression, in this process, over the rows of this feed. */
async function rendering(id: string): Promise<Contestant> {
  const feed = must(
    await db.rpc("calendar_feed", { p_user_id: id, p_version: 1 }),
  );
  return {
    name: "rendering alone",
    role: "part",
    isLocal: true,
    prepare: () =>
      Promise.resolve(async () => {
        const events = readEvents(feed.events);
        await gzip(renderCalendar({ name: feed.name, events }));
      }),
  };
}

/** The ETag of the feed, which has to show so many sessions. */
async function tagOf(path: string, size: number): Promise<string> {
  const response = await fetch(api.url + path);
  const shown = eventsOf(await response.text());
  if (shown !== size) throw new Error(`${shown} sessions instead of ${size}`);
  return response.headers.get("ETag") ?? "";
}

/** How many sessions the former feed shows: at most 1,000 of a kind. */
async function eventsIn(path: string): Promise<number> {
  return eventsOf(await (await fetch(api.url + path)).text());
}

function eventsOf(calendar: string): number {
  return calendar.match(/^BEGIN:VEVENT/gm)?.length ?? 0;
}

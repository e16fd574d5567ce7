import { assertEquals } from "@std/assert";
import { type Session, sqlTest, value } from "../support/sql.ts";

const FINE = [
  "",
  "Room 2.04, 3rd floor",
  "At 10.30am, Hotel Central...lobby",
  "https://zoom.us/j/123456789?pwd=a.b",
  "HTTPS://US02WEB.ZOOM.US/j/123#success",
  "https://zoom.us:443/j/1",
  "https://zoom.us",
  "https://meet.google.com/abc-defg-hij",
  "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x@thread.v2/0?context=%7b%7d",
  "https://teams.live.com/meet/93",
  "https://innotrue.daily.co/room",
  "https://app.cal.com/video/abc",
  "https://whereby.com/innotrue",
  "Meeting ID 123 456: https://zoom.us/j/123456",
];

const REFUSED = [
  "https://evil.example",
  "evil.example",
  "www.evil.example/x",
  "http://zoom.us/j/1",
  "zoom.us/j/1",
  "ftp://zoom.us",
  "javascript:alert(1)",
  "data:text/html,x",
  "https://zoom.us.evil.example/j/1",
  "https://evilzoom.us/j/1",
  "https://zoom.us@evil.example/j/1",
  "https://zoom.us:pass@evil.example/j/1",
  "https://zoom.us\\@evil.example/",
  "https://zoom.us:8443/",
  "https:/evil.example",
  "https:evil.example",
  "//evil.example",
  "https://1.2.3.4/zoom.us",
  "1.2.3.4/zoom.us",
  "https://[::1]/",
  "https://localhost/x",
  "https://zoom.us/j/1 https://evil.example",
  "https://zoom.us/j/1,https://evil.example",
  "(https://evil.example)",
  "xhttps://evil.example",
  "https://еvil.example",
  "evil。example",
  "mailto:ana@evil.example",
  "EVIL.EXAMPLE",
];

async function allows(sql: Session, text: string | null): Promise<unknown> {
  return await value(sql, "select private.has_only_meeting_links($1)", [text]);
}

sqlTest(
  "a text may name meeting services and no other web address",
  async (sql) => {
    for (const text of FINE) assertEquals(await allows(sql, text), true, text);
    assertEquals(await allows(sql, null), true);
    for (const text of REFUSED) {
      assertEquals(await allows(sql, text), false, text);
    }
  },
);

sqlTest("an operator's own host counts, with its subdomains", async (sql) => {
  const link = "https://meet.innotrue.example/room";
  assertEquals(await allows(sql, link), false);
  await sql.script(
    "insert into private.allowed_meeting_hosts values ('innotrue.example')",
  );
  assertEquals(await allows(sql, link), true);
  assertEquals(await allows(sql, "https://notinnotrue.example/room"), false);
});

sqlTest("what the server writes is its own affair", async (sql) => {
  await sql.script(`
    insert into public.groups (id, name, created_by)
    values ('00000000-0000-4000-8000-00000000aaaa', 'Peers', gen_random_uuid());
    insert into public.group_sessions (group_id, title, session_date, meeting_link)
    values ('00000000-0000-4000-8000-00000000aaaa', 'Peers', now(), 'https://video.example/room');`);
});

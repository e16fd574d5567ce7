import type { Session } from "./sessions.ts";

/** The calendar as the former feed wrote it: a string a line, joined by CRLF, unfolded. */
export function toCalendar(name: string, sessions: Session[]): string {
  const stamp = instant(new Date());
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//InnoTrue Hub//Calendar Feed//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    `X-WR-CALNAME:${name || "User"}'s InnoTrue Hub`,
    "X-WR-TIMEZONE:UTC",
    ...sessions.flatMap(({ uid, summary, description, start, minutes }) => [
      "BEGIN:VEVENT",
      `UID:${uid}@innotruehub`,
      `DTSTAMP:${stamp}`,
      `DTSTART:${instant(start)}`,
      `DTEND:${instant(new Date(start.getTime() + minutes * 60_000))}`,
      `SUMMARY:${escaped(summary)}`,
      `DESCRIPTION:${escaped(description)}`,
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ].join("\r\n");
}

function instant(date: Date): string {
  return `${date.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll(";", "\\;")
    .replaceAll(",", "\\,").replaceAll("\n", "\\n");
}

/**
 * The version of a migration that is made now: its time in UTC, later than the newest there is. Never a
 * round second, which is what people write by hand: two repositories that deploy to one database, as
 * there were, meet there.
 */
export function versionAfter(newest: string, now: Date): string {
  const after = Math.max(now.getTime(), timeOf(newest) + 1000);
  const time = new Date(after);
  if (time.getUTCSeconds() % 10 === 0) {
    time.setUTCSeconds(time.getUTCSeconds() + 7);
  }
  return time.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

function timeOf(version: string): number {
  const [, date, hour, minute, second] =
    /^(\d{8})(\d\d)(\d\d)(\d\d)$/.exec(version) ?? [];
  if (date === undefined) return 0;
  const day = date.replace(/(\d{4})(\d\d)(\d\d)/, "$1-$2-$3");
  return Date.parse(`${day}T${hour}:${minute}:${second}Z`);
}

/** pg_cron starts a job at every full minute. */
const A_MINUTE_AND_MORE_MS = 75_000;

/** Waits until pg_cron has had its minute, or until `holds`. Returns whether it does. */
export async function withinACronMinute(
  holds: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = Date.now() + A_MINUTE_AND_MORE_MS;
  while (!await holds()) {
    if (Date.now() > deadline) return false;
    await new Promise((done) => setTimeout(done, 500));
  }
  return true;
}

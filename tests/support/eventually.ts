/** Waits until `done`, for at most five seconds. */
export async function eventually(done: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + 5_000; Date.now() < deadline;) {
    if (done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return done();
}

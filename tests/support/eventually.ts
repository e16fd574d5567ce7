/** Waits until `done`, for at most five seconds unless told. */
export async function eventually(
  done: () => boolean,
  milliseconds = 5_000,
): Promise<boolean> {
  for (const deadline = Date.now() + milliseconds; Date.now() < deadline;) {
    if (done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return done();
}

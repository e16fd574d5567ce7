/** Why the gate could not run: printed as one line, exit code 2. */
export class DriftFailure extends Error {
  override name = "DriftFailure";
}

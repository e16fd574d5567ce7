import type { Session } from "../../stack/session.ts";
import { CHECKS } from "./checks.ts";
import type { Complaint } from "./complaint.ts";
import { checkFunctionUrls } from "./function_url.ts";
import { prepare } from "./workbench.ts";

/**
 * Runs every check in the session's transaction, which is to be undone.
 *
 * @param functions names of the edge functions; undefined where they are not known
 * @throws {DriftFailure} where plpgsql_check cannot be had
 */
export async function examine(
  session: Session,
  functions: ReadonlySet<string> | undefined,
  progress: (line: string) => void = () => {},
): Promise<Complaint[]> {
  await prepare(session);
  const found: Complaint[] = [];
  for (const [what, check] of CHECKS) {
    progress(what);
    found.push(...await check(session));
  }
  return functions
    ? [...found, ...await checkFunctionUrls(session, functions)]
    : found;
}

import type { Contest, Contestant, Send } from "../contest.ts";
import { FLOOR } from "./floor.ts";

/** What is measured of a function. */
export interface Work extends Pick<Contest, "parallel"> {
  /** The function's name. */
  readonly subject: string;
  /** Of how much, or what. */
  readonly size: string;
  /** The status without it. */
  readonly name?: string;
  /** Makes ready one request to the function of this name. */
  readonly prepare: (to: string) => Promise<Send>;
}

/** The function beside its stand-in, `former-<name>`, and the floor. */
export function besideFormer(work: Work): Contest {
  return contestOf(work, [
    contestant(work, "ours", work.subject),
    contestant(work, "replaced", `former-${work.subject}`),
  ]);
}

/** The function beside the floor alone: for one that replaces none. */
export function besideFloor(work: Work): Contest {
  return contestOf(work, [contestant(work, "ours", work.subject)]);
}

function contestOf(
  { subject, size, parallel }: Work,
  contestants: Contestant[],
): Contest {
  return {
    subject,
    size,
    contestants: [FLOOR, ...contestants],
    ...parallel === undefined ? {} : { parallel },
  };
}

function contestant(
  { name = "200", prepare }: Work,
  role: Contestant["role"],
  to: string,
): Contestant {
  return { name, role, prepare: () => prepare(to) };
}

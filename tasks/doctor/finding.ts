/** How something is: green, amber (somebody should look), red (it does not work), or nobody looked. */
export type Status = "green" | "amber" | "red" | "not checked";

/** One row of the doctor's table. */
export interface Finding {
  readonly part: "function" | "database" | "drift";
  readonly name: string;
  readonly status: Status;
  /** A sentence: what is wrong and what to do, or what was seen to work. */
  readonly detail: string;
}

const SEVERITY: readonly Status[] = ["not checked", "green", "amber", "red"];

/** The worst of all: green where nothing was found. */
export function worst(findings: readonly Finding[]): Status {
  return findings.reduce<Status>(
    (found, { status }) =>
      SEVERITY.indexOf(status) > SEVERITY.indexOf(found) ? status : found,
    "green",
  );
}

/** The exit code that says it. */
export function exitCode(status: Status): number {
  return status === "red" ? 2 : status === "amber" ? 1 : 0;
}

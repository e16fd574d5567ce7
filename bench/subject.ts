import type { Contest } from "./contest.ts";

/** What a subject is told. */
export interface Settings {
  /** The largest number of owners of credits. */
  readonly owners: number;
  /** The server to make databases of one's own on; none on PGlite. */
  readonly dbUrl: string | undefined;
  /** Takes one line for each step that may take a while. */
  readonly progress: (line: string) => void;
}

/** A function and the contests that measure it; each one's data is made when its turn comes. */
export interface Subject {
  readonly name: string;
  contests(settings: Settings): AsyncIterable<Contest>;
}

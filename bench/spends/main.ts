import { givenBalances } from "./database.ts";
import { CROWDS, hold, type SpendRow } from "./contest.ts";

/** How long each is measured in each of three rounds. */
const MILLISECONDS = 3_000;

/** Spends a second beside plain updates, in a database of its own on this server. */
export async function measureSpends(
  server: string,
  progress: (line: string) => void,
): Promise<SpendRow[]> {
  await using database = await givenBalances(server);
  const rows: SpendRow[] = [];
  for (const crowd of CROWDS) {
    progress(
      `spends: ${crowd.owners} owners, ${crowd.connections} connections`,
    );
    rows.push(...await hold(database.url, crowd, MILLISECONDS));
  }
  return rows;
}

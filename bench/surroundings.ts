import postgres from "postgres";

/** Where and when the figures were made. */
export interface Surroundings {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** `PostgreSQL 15.18` or `PGlite`. */
  readonly database: string;
  readonly cores: number;
}

/** Reads them. */
export async function readSurroundings(
  dbUrl: string | undefined,
  now: Date,
): Promise<Surroundings> {
  return {
    date: now.toISOString().slice(0, 10),
    database: dbUrl ? `PostgreSQL ${await versionOf(dbUrl)}` : "PGlite",
    cores: navigator.hardwareConcurrency,
  };
}

/** In a sentence: `PostgreSQL 15.18, 2 cores, 2031-04-01`. */
export function captionOf({ database, cores, date }: Surroundings): string {
  return `${database}, ${cores} cores, ${date}`;
}

async function versionOf(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ server_version: string }[]>`show server_version`;
    return row?.server_version.split(" ")[0] ?? "";
  } finally {
    await sql.end();
  }
}

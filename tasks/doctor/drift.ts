import * as z from "zod/mini";
import { loadLivePart } from "../../drift/parts.ts";
import type { Finding } from "./finding.ts";

const Differences = z.array(z.object({
  state: z.enum(["missing", "extra", "different"]),
  kind: z.string(),
  name: z.string(),
}));

/** Whether the deployed schema is the one of this checkout's migrations. Only reads; needs the database's URL. */
export async function examineDrift(
  db: string | undefined,
  progress: (line: string) => void,
): Promise<Finding> {
  if (db === undefined) return schema("not checked", "Needs --db.");
  let report: string;
  try {
    const { compareLive } = await loadLivePart();
    ({ report } = await compareLive({
      live: db,
      db: undefined,
      format: "json",
      progress,
    }));
  } catch (error) {
    // The message may quote the URL and the password in it.
    const name = error instanceof Error ? error.name : "an error";
    const code = error instanceof Error && "code" in error ? error.code : "";
    return schema("red", `The database cannot be read: ${name} ${code}.`);
  }
  return judge(Differences.parse(JSON.parse(report)));
}

/** Green without a difference, amber where there is only more than the migrations make, else red. */
export function judge(differences: z.infer<typeof Differences>): Finding {
  const [first] = differences;
  if (!first) return schema("green", "The schema is the migrations'.");
  const what = `${first.state} ${first.kind} ${first.name}`;
  return schema(
    differences.every(({ state }) => state === "extra") ? "amber" : "red",
    `${differences.length} not as the migrations make it, first ${what}: deno task drift --live lists all.`,
  );
}

function schema(status: Finding["status"], detail: string): Finding {
  return { part: "drift", name: "schema", status, detail };
}

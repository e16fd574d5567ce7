import * as z from "zod/mini";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { readMigrations } from "../../stack/migrations.ts";
import { type Answer, ask, codeOf, inWords } from "./ask.ts";
import type { Finding } from "./finding.ts";
import type { Target } from "./options.ts";

const Rows = z.array(z.object({
  check_name: z.string(),
  status: z.enum(["green", "amber", "red"]),
  number: z.number(),
  subject: z.nullable(z.string()),
  detail: z.string(),
}));
type Row = z.infer<typeof Rows>[number];

/** The rows of operations_health; that of the migrations compared with this checkout. */
export async function examineDatabase(
  { url, key }: Target,
): Promise<Finding[]> {
  const answer = await ask(
    `${url}/rest/v1/operations_health?select=*`,
    {
      headers: {
        apikey: key,
        // the older keys are JWTs and name their role as bearer
        ...(key.startsWith("sb_") ? {} : { Authorization: `Bearer ${key}` }),
      },
    },
  );
  const rows = Rows.safeParse(answer.body);
  if (answer.status !== 200 || !rows.success || rows.data.length === 0) {
    return [{
      part: "database",
      name: "operations_health",
      status: "red",
      detail: reasonOf(answer),
    }];
  }
  const files = await readMigrations(MIGRATIONS_DIR);
  return rows.data.map((row): Finding => ({
    part: "database",
    name: row.check_name,
    ...(row.check_name === "migrations" && row.status === "green"
      ? compared(row, files.map(({ version }) => version))
      : { status: row.status, detail: row.detail }),
  }));
}

/** What the history says beside this checkout, which every migration of has to be in it. */
function compared(
  { subject, number, detail }: Row,
  versions: readonly string[],
): Pick<Finding, "status" | "detail"> {
  const newest = versions.at(-1) ?? "";
  const applied = subject ?? "";
  if (applied < newest || number < versions.length) {
    return {
      status: "red",
      detail:
        `Of this checkout's ${versions.length} migrations up to ${newest}, not all are applied: ${number} are, up to ${applied}.`,
    };
  }
  return applied === newest ? { status: "green", detail } : {
    status: "amber",
    detail:
      `The newest applied is ${applied}, this checkout ends with ${newest}: it is an older one.`,
  };
}

function reasonOf(answer: Answer): string {
  const code = codeOf(answer);
  if (answer.status === 0) return "The Data API does not answer.";
  if (answer.status === 200) {
    return "It shows no row that is known here: is the key a secret one?";
  }
  if (code === "PGRST205" || code === "42P01") {
    return "It is not there: this checkout's migrations are not applied.";
  }
  if (answer.status === 401 || answer.status === 403) {
    return `The key is refused (${
      inWords(answer)
    }): it is not a secret key of this project.`;
  }
  return `The Data API answers ${inWords(answer)}.`;
}

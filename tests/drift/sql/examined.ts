import type { Complaint } from "../../../drift/sql/complaint.ts";
import { examine } from "../../../drift/sql/examine.ts";
import { postgresTest, undoneOnStack } from "../../support/sql.ts";

/** What the checks are held against. */
export interface Expected {
  readonly rule: string;
  readonly name: string;
  /** A part of the message. */
  readonly says: string;
  /** What it is; drift unless told. */
  readonly level?: "drift" | "advice";
}

/** A test that after a script, in the database that the migrations make, the checks complain of this and no more. */
export function complaintTest(
  name: string,
  script: string,
  expected: readonly Expected[],
): void {
  postgresTest(name, () =>
    undoneOnStack(async (sql) => {
      await sql.script(script);
      const found = await examine(sql, new Set(["known-function"]));
      const unmet = expected.filter((it) =>
        !found.some((one) => meets(one, it))
      );
      const extra = found.filter((one) =>
        !expected.some((it) => meets(one, it)) && !isOfAnotherFolder(one)
      );
      if (unmet.length + extra.length > 0) {
        throw new Error(JSON.stringify({ unmet, extra }, null, 2));
      }
    }));
}

function meets(
  one: Complaint,
  { rule, name, says, level = "drift" }: Expected,
): boolean {
  return one.rule === rule && one.name === name &&
    one.message.includes(says) && (one.level ?? "drift") === level;
}

/** What the repository's own SQL calls is not among the names above. */
function isOfAnotherFolder({ rule, table }: Complaint): boolean {
  return rule === "function-url" && !table.startsWith("drift_");
}

import { assertEquals } from "@std/assert";
import { type Session, value } from "../support/sql.ts";

/** A row of operations_health. */
export interface Check {
  check_name: string;
  status: string;
  number: number;
  subject: string | null;
  since: Date | null;
  detail: string;
}

/** Every check, `after` (an interval) from now. */
export async function checks(sql: Session, after = "0"): Promise<Check[]> {
  const rows = await sql.query(
    `select check_name, status, number::integer as number, subject, since, detail
     from private.operations_health(now() + $1::text::interval)`,
    [after],
  );
  return rows as unknown as Check[];
}

/** One of them. @throws {Error} when there is no such check */
export async function check(
  sql: Session,
  name: string,
  after?: string,
): Promise<Check> {
  const found = (await checks(sql, after)).find((row) =>
    row.check_name === name
  );
  if (!found) throw new Error(`no check ${name}`);
  return found;
}

/** Asserts what a check says, `after` from now. */
export async function assertCheck(
  sql: Session,
  name: string,
  expected: [status: string, number: number, subject: string | null],
  after?: string,
): Promise<void> {
  const { status, number, subject, detail } = await check(sql, name, after);
  assertEquals([status, number, subject], expected, `${name}: ${detail}`);
  assertEquals(
    detail.endsWith(`. See docs/runbook.md#${name}.`),
    status !== "green",
    detail,
  );
}

/** Tests by their names. Each begins where all that can be green is, and is undone. */
export type Cases = Record<string, (sql: Session) => Promise<void>>;

/** Runs the audits. How much they find. */
export async function audit(sql: Session): Promise<number> {
  return Number(await value(sql, "select public.record_operations_audits()"));
}

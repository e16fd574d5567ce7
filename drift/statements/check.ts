import { statementsOf } from "../../stack/statements.ts";
import type { Session } from "../../stack/session.ts";
import type { Span, Statement } from "../code/chain.ts";
import type { Found } from "../rules/rule.ts";

/** The rule on SQL in code. */
export const STATEMENT_RULE = "raw-sql";

/** What the server says of names, types and syntax; the rest is of the moment or of the driver. */
const WRONG = /^(?:42|22P02)/;
/** Types of parameters that the driver tells, and rights, which depend on who connects. */
const NOT_ASKED = new Set(["42P02", "42P08", "42P18", "42501"]);
const STARTS = /^(?:select|insert|update|delete|with|merge)\b/i;
/** What a text makes for itself. */
const MADE =
  /\bcreate\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|materialized|unique)\s+)*(?:table|view|function|type|schema|sequence|extension|domain)\s+(?:if\s+not\s+exists\s+)?([\w."]+)|\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(\w+)|\brename\s+(?:column\s+\w+\s+)?to\s+(\w+)/gi;

/**
 * Has the server prepare each statement, within the session's transaction: nothing is run. What the file
 * of a statement makes itself is not said to be missing.
 */
export async function checkStatements(
  session: Session,
  statements: readonly Statement[],
): Promise<Found[]> {
  const found: Found[] = [];
  for (const statement of statements) {
    const { value } = statement.text;
    const pieces = statementsOf(value);
    const [only] = pieces;
    if (!only || pieces.length > 1 || !STARTS.test(only.code)) continue;
    const problem = await prepareOnly(session, numbered(value));
    if (!problem || !isWrong(problem, statement)) continue;
    found.push(findingOf(statement, problem));
  }
  return found;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  /** Offset in the statement. */
  readonly offset: number | undefined;
}

const PREPARE = "prepare drift_statement as ";

async function prepareOnly(
  session: Session,
  sql: string,
): Promise<Problem | undefined> {
  await session.query("savepoint drift_statement");
  try {
    await session.query(PREPARE + sql.replace(/;\s*$/, ""));
    await session.query("deallocate drift_statement");
    return undefined;
  } catch (error) {
    return problemOf(error, sql);
  } finally {
    await session.query("rollback to savepoint drift_statement");
    await session.query("release savepoint drift_statement");
  }
}

function problemOf(error: unknown, sql: string): Problem {
  if (!(error instanceof Error) || !("code" in error)) throw error;
  const position = "position" in error ? Number(error.position) : 0;
  const characters = position - PREPARE.length - 1;
  return {
    code: String(error.code),
    message: error.message,
    offset: characters >= 0
      ? [...sql].slice(0, characters).join("").length
      : undefined,
  };
}

/** `$name`, as the driver of Deno takes it, as a number, as long as the text keeps its places. */
function numbered(sql: string): string {
  if (!/\$[a-z_]\w*/i.test(sql) || /\$\w*\$/.test(sql)) return sql;
  const names: string[] = [];
  return sql.replaceAll(/\$([a-z_]\w*)/gi, (whole, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`.padEnd(whole.length);
  });
}

function isWrong(
  { code, message }: Problem,
  { span: { source }, isFragment }: Statement,
): boolean {
  if (!WRONG.test(code) || NOT_ASKED.has(code)) return false;
  if (isFragment && message.includes("missing FROM-clause")) return false;
  const made = [...source.text.matchAll(MADE)].map((match) =>
    (match.slice(1).find(Boolean) ?? "").replaceAll('"', "").split(".").at(-1)
  );
  const words = new Set(message.match(/\w+/g));
  return !made.some((name) => name !== undefined && words.has(name));
}

function findingOf({ text }: Statement, problem: Problem): Found {
  const { message, offset } = problem;
  const [, quoted, dotted] =
    /"([^"]+)"|(?:column|function|operator|type) (\S+)/.exec(message) ?? [];
  const name = quoted ?? dotted ?? "";
  return {
    rule: STATEMENT_RULE,
    level: "drift",
    span: spanAt(text, offset),
    table: null,
    name,
    message,
    at: undefined,
  };
}

function spanAt(text: Statement["text"], offset: number | undefined): Span {
  return offset === undefined || offset >= text.value.length
    ? text.span
    : text.slice(offset, offset + 1);
}

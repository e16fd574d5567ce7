import { statementsOf } from "../../stack/statements.ts";
import type { Session } from "../../stack/session.ts";
import type { Source, Span, Statement } from "../code/chain.ts";
import { placeIn } from "../rules/place.ts";
import type { Found } from "../rules/rule.ts";
import { STATEMENT_RULE } from "./rule.ts";

/** What the server says of names, types and syntax; the rest is of the moment or of the driver. */
const WRONG = /^(?:42|22P02)/;
/** Types of parameters that the driver tells, and rights, which depend on who connects. */
const NOT_ASKED = new Set(["42P02", "42P08", "42P18", "42501"]);
const STARTS = /^(?:select|insert|update|delete|with|merge)\b/i;
/** What a text makes for itself. */
const MADE =
  /\bcreate\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|materialized|unique)\s+)*(?:table|view|function|type|schema|sequence|extension|domain)\s+(?:if\s+not\s+exists\s+)?([\w."]+)|\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(\w+)|\brename\s+(?:column\s+\w+\s+)?to\s+(\w+)/gi;

/**
 * Has the server prepare each statement, within the session's transaction: nothing is run. What the code
 * makes itself is not said to be missing.
 */
export async function checkStatements(
  session: Session,
  statements: readonly Statement[],
  sources: readonly Source[],
): Promise<Found[]> {
  const made = new Set(sources.flatMap(madeIn));
  const paths = await pathsOf(session);
  const found: Found[] = [];
  for (const statement of statements) {
    const { value } = statement.text;
    const pieces = statementsOf(value);
    const [only] = pieces;
    if (!only || pieces.length > 1 || !STARTS.test(only.code)) continue;
    const problem = await problemIn(session, numbered(value), paths);
    if (problem && isWrong(problem, statement, made)) {
      found.push(findingOf(statement, problem));
    }
  }
  return found;
}

/** The path of a connection as it comes, and one with every schema: who connects may have set another. */
async function pathsOf(session: Session): Promise<readonly string[]> {
  const rows = await session.query(`
    select string_agg(quote_ident(n.nspname), ', ' order by n.nspname) as others
    from pg_catalog.pg_namespace n
    where n.nspname !~ '^(pg_|information_schema$|public$|extensions$)'`);
  const usual = "public, extensions";
  return [usual, `${usual}, ${String(rows[0]?.others)}`];
}

/** What is wrong under every path. */
async function problemIn(
  session: Session,
  sql: string,
  paths: readonly string[],
): Promise<Problem | undefined> {
  let first: Problem | undefined;
  for (const path of paths) {
    const problem = await prepareOnly(session, sql, path);
    if (!problem) return undefined;
    first ??= problem;
  }
  return first;
}

function madeIn({ text }: Source): string[] {
  return [...text.matchAll(MADE)].flatMap((match) => {
    const name = match.slice(1).find(Boolean)?.replaceAll('"', "");
    return name === undefined ? [] : [name.split(".").at(-1) ?? name];
  });
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
  path: string,
): Promise<Problem | undefined> {
  await session.query("savepoint drift_statement");
  try {
    await session.query(`set local search_path = ${path}`);
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
  { isFragment }: Statement,
  made: ReadonlySet<string>,
): boolean {
  if (!WRONG.test(code) || NOT_ASKED.has(code)) return false;
  if (isFragment && message.includes("missing FROM-clause")) return false;
  return !(message.match(/\w+/g) ?? []).some((word) => made.has(word));
}

function findingOf({ text, span }: Statement, problem: Problem): Found {
  const { message, offset } = problem;
  const [, quoted, dotted] =
    /"([^"]+)"|(?:column|function|operator|type) (\S+)/.exec(message) ?? [];
  const name = quoted ?? dotted ?? "";
  const wrong = spanAt(text, offset);
  return {
    rule: STATEMENT_RULE,
    level: "drift",
    span: wrong,
    table: null,
    name,
    message,
    at: placeIn([{ values: [text], argSpans: [span] }], wrong),
  };
}

function spanAt(text: Statement["text"], offset: number | undefined): Span {
  return offset === undefined || offset >= text.value.length
    ? text.span
    : text.slice(offset, offset + 1);
}

import type { Session } from "../../stack/session.ts";
import { statementsOf } from "../../stack/statements.ts";
import { withoutExtensions } from "./extensions.ts";

/** A file of SQL. */
export interface SqlFile {
  readonly file: string;
  readonly sql: string;
}

/** A statement that failed: what it would have made is not known. */
export interface Failure {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** Names that the statement writes. */
  readonly names: readonly string[];
  /** Whether it failed for what another one that failed would have made. */
  readonly isEcho: boolean;
}

/** Statements of transactions, which those of a file that is run one by one are not in. */
const OF_TRANSACTION =
  /^(?:begin|commit|end|rollback|start\s+transaction|savepoint|release)\b/i;

/** Runs files in their order. What fails is left out and told; all else is run. */
export async function applyAll(
  session: Session,
  files: readonly SqlFile[],
  progress: (line: string) => void,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const { file, sql: written } of files) {
    progress(file);
    const { sql, declared } = withoutExtensions(withoutCommands(written));
    // a body may name what comes later
    await session.script(`set check_function_bodies = off; ${declared}`);
    if (!await runsWhole(session, sql)) {
      failures.push(...await oneByOne(session, { file, sql }, failures));
    }
    await session.reset();
  }
  return failures;
}

/** Without the commands of psql that pg_dump writes. */
function withoutCommands(sql: string): string {
  return sql.replaceAll(/^\\(?:un)?restrict\b.*$/gm, "");
}

async function runsWhole(session: Session, sql: string): Promise<boolean> {
  try {
    await session.script("begin");
    await session.script(sql);
    await session.script("commit");
    return true;
  } catch (error) {
    if (!isOfServer(error)) throw error;
    await session.script("rollback; set check_function_bodies = off");
    return false;
  }
}

async function oneByOne(
  session: Session,
  { file, sql }: SqlFile,
  before: readonly Failure[],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const { code, line } of statementsOf(sql)) {
    if (OF_TRANSACTION.test(code)) continue;
    try {
      await session.script(code);
    } catch (error) {
      if (!isOfServer(error)) throw error;
      // a statement may hold a transaction of its own
      await session.script("rollback");
      const missing = new Set(missingIn(error.message));
      failures.push({
        file,
        line,
        message: `${error.code} ${error.message}`,
        names: namesIn(code),
        isEcho: [...before, ...failures]
          .some(({ names }) => names.some((name) => missing.has(name))),
      });
    }
  }
  return failures;
}

function isOfServer(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error &&
    typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code);
}

const WORDS =
  "table|view|function|procedure|type|domain|policy|trigger|index|schema|sequence|column|into|on|add|to|constraint";
/** What a statement makes or changes: what follows these words. */
const NAMES = new RegExp(
  String
    .raw`\b(?:(?:${WORDS})\s+)+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)`,
  "gi",
);
/** What may stand there and is no name of a project's. */
const OTHERS =
  /^(?:public|auth|storage|value|authenticated|anon|service_role|conflict|delete|update|all|tables|functions|each|id|)$/i;

function namesIn(sql: string): string[] {
  const names = [...sql.matchAll(NAMES)].map(([, name = ""]) => bare(name));
  return [...new Set(names)].filter((name) => !OTHERS.test(name));
}

/** What the server says is missing. */
function missingIn(message: string): string[] {
  const found = message.matchAll(
    /"([^"]+)"|\b(?:function|column|type|schema) ([\w.]+)/g,
  );
  return [...found].map(([, quoted, plain]) => bare(quoted ?? plain ?? ""));
}

/** Without its schema and quotes. */
function bare(name: string): string {
  return (name.split(".").at(-1) ?? "").replaceAll('"', "");
}

import type ts from "typescript";
import type {
  Chain,
  Ignore,
  Invocation,
  ScannedFile,
  Source,
  Statement,
  Unread,
} from "./chain.ts";
import { chainsAt } from "./chains.ts";
import { MAY_HOLD_SQL, statementsIn } from "./statements.ts";
import { invocationsAt } from "./invocations.ts";
import { ignoresIn } from "./ignores.ts";
import { openProject, type Project } from "./project.ts";

/** A file without any of these starts no call and silences nothing. */
const MAY_MATTER =
  /\.\s*(?:from|rpc|invoke)\b|\[\s*["'](?:from|rpc)|drift-ignore/;

/** Finds every chain in a file, by what the file alone shows. */
export function scanFile(file: string, text: string): ScannedFile {
  const [scanned] = scanProject([{ file, text }]);
  if (!scanned) throw new TypeError("one file gives one");
  return scanned;
}

/** Finds every chain in the files, following constants and helpers from one to another. */
export function scanProject(
  sources: readonly Source[],
  progress: (done: number, total: number) => void = () => {},
): ScannedFile[] {
  return [...scanAll(openProject(sources), progress)];
}

/** Finds every chain in the files of a project, one after the other. */
export function* scanAll(
  project: Project,
  progress: (done: number, total: number) => void = () => {},
): Generator<ScannedFile> {
  const { sources } = project;
  for (const [index, source] of sources.entries()) {
    progress(index, sources.length);
    yield scanOne(project, source);
  }
}

/** Finds every chain in one file of a project. */
export function scanOne(project: Project, source: Source): ScannedFile {
  if (!MAY_MATTER.test(source.text) && !MAY_HOLD_SQL.test(source.text)) {
    return {
      ...source,
      chains: [],
      invocations: [],
      statements: [],
      ignores: [],
      unread: [],
    };
  }
  project.tidy();
  return scan(project, source);
}

function scan(project: Project, source: Source): ScannedFile {
  const chains: Chain[] = [];
  const invocations: Invocation[] = [];
  const statements: Statement[] = [];
  const unread: Unread[] = [];
  let ignores: readonly Ignore[] = [];
  try {
    const unit = project.unitOf(source);
    const each = (
      method: string,
      read: (call: ts.CallExpression) => void,
    ): void => {
      for (const call of unit.calls.get(method) ?? []) {
        try {
          read(call);
        } catch (error) {
          unread.push({ start: call.getStart(), reason: reasonOf(error) });
        }
      }
    };
    for (const kind of ["from", "rpc"] as const) {
      each(kind, (call) => chains.push(...chainsAt(project, kind, call)));
    }
    if (MAY_HOLD_SQL.test(source.text)) {
      statements.push(...statementsIn(project, unit));
    }
    each("invoke", (call) => invocations.push(...invocationsAt(project, call)));
    chains.sort((one, other) => one.start.span.start - other.start.span.start);
    ignores = ignoresIn(unit);
  } catch (error) {
    unread.push({ start: 0, reason: reasonOf(error) });
  }
  return { ...source, chains, invocations, statements, ignores, unread };
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "nested too deeply";
  return error instanceof Error ? error.message : String(error);
}

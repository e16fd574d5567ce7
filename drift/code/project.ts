import ts from "typescript";
import type { Source } from "./chain.ts";
import type { Origin } from "./context.ts";
import type { Declaration } from "./scopes.ts";
import { parseUnit, type Unit } from "./unit.ts";

const EXTENSION = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const EXTENSIONS = ["ts", "tsx", "js", "jsx", "mts", "mjs", "cts", "cjs"];

/** The files that were given: nothing else is ever read, and of these what is needed. */
export interface Project {
  readonly sources: readonly Source[];
  unitOf(source: Source): Unit;
  /** The given file that a module's specifier names, if it is one of them. */
  moduleOf(specifier: string, from: ts.SourceFile): Unit | undefined;
  /** Calls whose last name is `name`, or that reach it under another name by an import. */
  callsOf(name: string): readonly ts.CallExpression[];
  /** Calls of what a file exports by default, under whatever name. */
  callsOfDefault(source: Source): readonly ts.CallExpression[];
  /** What the variables of modules may be, which is the same wherever they are used. */
  readonly known: Map<Declaration, readonly Origin[]>;
}

/** Links the files, and parses each when it is first needed. */
export function openProject(sources: readonly Source[]): Project {
  const units = new Map<Source, Unit>();
  const unitOf = (source: Source): Unit => {
    let unit = units.get(source);
    if (!unit) units.set(source, unit = parseUnit(source));
    return unit;
  };
  const byPath = new Map(sources.map((source) => [source.file, source]));
  const byWord = lazily(() => wordsOf(sources));
  const bySuffix = lazily(() => suffixes(sources));
  const calls = new Map<string, readonly ts.CallExpression[]>();
  const resolved = new Map<string, Source | undefined>();
  return {
    sources,
    unitOf,
    moduleOf(specifier, from) {
      const key = `${specifier}\0${folderOf(from.fileName)}`;
      if (!resolved.has(key)) {
        const found = specifier.startsWith(".")
          ? candidates(join(folderOf(from.fileName), specifier))
            .map((path) => byPath.get(path)).find(Boolean)
          : aliased(specifier, bySuffix());
        resolved.set(key, found);
      }
      const source = resolved.get(key);
      return source && unitOf(source);
    },
    callsOf(name) {
      let found = calls.get(name);
      if (!found) {
        found = (byWord().get(name) ?? [])
          .flatMap((source) => callsIn(unitOf(source), name));
        calls.set(name, found);
      }
      return found;
    },
    callsOfDefault({ file }) {
      const stem = stemOf(file);
      return sources.filter(({ text }) => text.includes(stem))
        .flatMap((source) => callsIn(unitOf(source), "default"));
    },
    known: new Map(),
  };
}

const WORD = /[\w$\u0080-\uffff]+/g;

/** The files that mention each word. */
function wordsOf(sources: readonly Source[]): Map<string, Source[]> {
  const words = new Map<string, Source[]>();
  for (const source of sources) {
    for (const word of new Set(source.text.match(WORD))) {
      const found = words.get(word);
      if (found) found.push(source);
      else words.set(word, [source]);
    }
  }
  return words;
}

/** What an import of a file must mention: its name, or its folder's for `index`. */
function stemOf(file: string): string {
  const [name = "", folder] = file.replace(EXTENSION, "").split("/").reverse();
  return name === "index" && folder !== undefined ? folder : name;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function join(folder: string, relative: string): string {
  const steps: string[] = [];
  for (const step of `${folder}${relative}`.split("/")) {
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else if (step !== "." && (step !== "" || steps.length === 0)) {
      steps.push(step);
    }
  }
  return steps.join("/");
}

/** The files a specifier may mean, as Node, Deno and bundlers look for them. */
function candidates(path: string): string[] {
  const stem = path.replace(/\.([cm]?)js(x?)$/, ".$1ts$2");
  return [
    path,
    stem,
    ...EXTENSIONS.map((extension) => `${path}.${extension}`),
    ...EXTENSIONS.map((extension) => `${path}/index.${extension}`),
  ];
}

/** `@/lib/db` and `~/lib/db` by what the path ends in, where just one file does. */
function aliased(
  specifier: string,
  bySuffix: ReadonlyMap<string, Source | null>,
): Source | undefined {
  const [, rest] = /^(?:@|~|\$lib|src|#)\/(.+)$/.exec(specifier) ?? [];
  if (!rest) return undefined;
  const stem = rest.replace(EXTENSION, "");
  return bySuffix.get(stem) ?? bySuffix.get(`${stem}/index`) ?? undefined;
}

/** Each file under every end of its path without extension; null where two files share one. */
function suffixes(
  sources: readonly Source[],
): Map<string, Source | null> {
  const map = new Map<string, Source | null>();
  for (const source of sources) {
    const steps = source.file.replace(EXTENSION, "").split("/");
    for (
      let from = Math.max(0, steps.length - 6);
      from < steps.length;
      from++
    ) {
      const suffix = steps.slice(from).join("/");
      map.set(suffix, map.has(suffix) ? null : source);
    }
  }
  return map;
}

/** A file's calls of a name, its own or one that an import gives another. */
function callsIn(unit: Unit, name: string): ts.CallExpression[] {
  const renamed = [...renamedImports(unit)]
    .filter(([local, original]) => original === name && local !== name);
  return [name, ...renamed.map(([local]) => local)]
    .flatMap((local) => unit.calls.get(local) ?? []);
}

const renamings = new WeakMap<Unit, Map<string, string>>();

/** Local name to the name in the other module, where they differ. */
function renamedImports(unit: Unit): Map<string, string> {
  const known = renamings.get(unit);
  if (known) return known;
  const renamed = new Map<string, string>();
  renamings.set(unit, renamed);
  for (const statement of unit.tree.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const clause = statement.importClause;
    if (clause?.name) renamed.set(clause.name.text, "default");
    const bindings = clause?.namedBindings;
    if (!bindings || ts.isNamespaceImport(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      if (propertyName) renamed.set(name.text, propertyName.text);
    }
  }
  return renamed;
}

function lazily<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined;
  return () => (made ??= { result: make() }).result;
}

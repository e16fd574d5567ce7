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
  /** The same as long as the same trees are: what is kept of trees hangs on it. */
  readonly age: object;
  /** To be called before each file, while nothing of a tree is held: lets go of all trees when they are many. */
  tidy(): void;
}

/** So much text is parsed before the trees are let go of, which are 50 times as large. */
const MAX_PARSED = 2_000_000;
/** How many times all the text may be parsed for that; where all files need all others, the trees are kept. */
const MAX_TIMES = 1.5;

/**
 * Links the files, and parses each when it is first needed.
 *
 * @param before a project of files most of which are the same: what was read of them is taken over, and
 * it is not to be used any more
 */
export function openProject(
  sources: readonly Source[],
  before?: Project,
): Project {
  const byPath = new Map(sources.map((source) => [source.file, source]));
  const { units, words, suffixes } = takeOver(sources, byPath, before);
  let parsed = 0;
  let parsedBefore = 0;
  const mayParse = MAX_TIMES *
    sources.reduce((sum, { text }) => sum + text.length, 0);
  const unitOf = (source: Source): Unit => {
    let unit = units.get(source);
    if (!unit) {
      units.set(source, unit = parseUnit(source));
      parsed += source.text.length;
    }
    return unit;
  };
  const calls = new Map<string, readonly ts.CallExpression[]>();
  const resolved = new Map<string, Source | undefined>();
  const project: Project & { age: object } = {
    sources,
    unitOf,
    moduleOf(specifier, from) {
      const key = `${specifier}\0${folderOf(from.fileName)}`;
      if (!resolved.has(key)) {
        const found = specifier.startsWith(".")
          ? candidates(join(folderOf(from.fileName), specifier))
            .map((path) => byPath.get(path)).find(Boolean)
          : byPath.get(aliased(specifier, suffixes()) ?? "");
        resolved.set(key, found);
      }
      const source = resolved.get(key);
      return source && unitOf(source);
    },
    callsOf(name) {
      let found = calls.get(name);
      if (!found) {
        found = (words().get(name) ?? [])
          .filter(({ text }) => mayCall(text, name))
          .flatMap((source) => callsIn(unitOf(source), name));
        calls.set(name, found);
      }
      return found;
    },
    callsOfDefault({ file }) {
      const stem = stemOf(file);
      const [word = stem] = stem.match(WORD) ?? [];
      return (words().get(word) ?? [])
        .filter(({ text }) => text.includes(stem))
        .flatMap((source) => callsIn(unitOf(source), "default"));
    },
    known: new Map(),
    age: {},
    tidy() {
      if (parsed < MAX_PARSED || parsedBefore > mayParse) return;
      parsedBefore += parsed;
      parsed = 0;
      units.clear();
      calls.clear();
      project.known.clear();
      project.age = {};
    },
  };
  read.set(project, { units, words, suffixes });
  return project;
}

/** What hangs on the files alone. */
interface Parsed {
  readonly units: Map<Source, Unit>;
  /** The files that mention each word. */
  readonly words: () => Map<string, Source[]>;
  /** The file under each end of its path; null where two share one. */
  readonly suffixes: () => ReadonlyMap<string, string | null>;
}

const read = new WeakMap<Project, Parsed>();

function takeOver(
  sources: readonly Source[],
  byPath: ReadonlyMap<string, Source>,
  before: Project | undefined,
): Parsed {
  const known = before && read.get(before);
  if (!before || !known) {
    return {
      units: new Map(),
      words: lazily(() => wordsOf(sources)),
      suffixes: lazily(() => suffixesOf(sources)),
    };
  }
  const gone = before.sources.filter((it) => byPath.get(it.file) !== it);
  const old = new Set(before.sources);
  const come = sources.filter((it) => !old.has(it));
  for (const source of gone) known.units.delete(source);
  const sameFiles = gone.length === come.length &&
    gone.every(({ file }) => byPath.has(file));
  return {
    units: known.units,
    words: lazily(() => {
      const words = known.words();
      for (const source of gone) removeWords(words, source);
      for (const source of come) addWords(words, source);
      return words;
    }),
    suffixes: sameFiles ? known.suffixes : lazily(() => suffixesOf(sources)),
  };
}

/** What may stand between a name and what makes a call of it: its type arguments, or wrappers' ends. */
const CALLED = /^["'\]\s!]*(?:\(|<|\?\.|as\b|satisfies\b|\)|$)|^\s*\/[/*]/;

/** Whether a text may call a name, or import it under another: to be told without parsing it. */
function mayCall(text: string, name: string): boolean {
  for (
    let at = text.indexOf(name);
    at >= 0;
    at = text.indexOf(name, at + name.length)
  ) {
    const end = at + name.length;
    if (CALLED.test(text.slice(end, end + 80))) return true;
  }
  return false;
}

const WORD = /[\w$\u0080-\uffff]+/g;

function wordsOf(sources: readonly Source[]): Map<string, Source[]> {
  const words = new Map<string, Source[]>();
  for (const source of sources) addWords(words, source);
  return words;
}

function addWords(words: Map<string, Source[]>, source: Source): void {
  for (const word of new Set(source.text.match(WORD))) {
    const found = words.get(word);
    if (found) found.push(source);
    else words.set(word, [source]);
  }
}

function removeWords(words: Map<string, Source[]>, source: Source): void {
  for (const word of new Set(source.text.match(WORD))) {
    const found = words.get(word);
    if (found) words.set(word, found.filter((it) => it !== source));
  }
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
  bySuffix: ReadonlyMap<string, string | null>,
): string | undefined {
  const [, rest] = /^(?:@|~|\$lib|src|#)\/(.+)$/.exec(specifier) ?? [];
  if (!rest) return undefined;
  const stem = rest.replace(EXTENSION, "");
  return bySuffix.get(stem) ?? bySuffix.get(`${stem}/index`) ?? undefined;
}

/** Each file under every end of its path without extension; null where two files share one. */
function suffixesOf(
  sources: readonly Source[],
): Map<string, string | null> {
  const map = new Map<string, string | null>();
  for (const source of sources) {
    const steps = source.file.replace(EXTENSION, "").split("/");
    for (
      let from = Math.max(0, steps.length - 6);
      from < steps.length;
      from++
    ) {
      const suffix = steps.slice(from).join("/");
      map.set(suffix, map.has(suffix) ? null : source.file);
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

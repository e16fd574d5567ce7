import { labelOf, type Mutant, type Outcome } from "./mutant.ts";
import { mutatedTypes } from "./types_file.ts";

const COPIED = [
  "supabase",
  "tests",
  "stack",
  "tasks",
  "drift",
  "bench",
  "deno.json",
  "deno.lock",
  "import_map.json",
];
const TYPES = "supabase/functions/_shared/database.types.ts";
const LIMIT_MS = 300_000;

/** What the gate let through, by `deno check` with types that are made anew: in a copy of the checkout. */
export async function checkTypes(
  outcomes: readonly Outcome[],
  files: readonly string[],
  progress: (line: string) => void = () => {},
): Promise<Outcome[]> {
  const left = outcomes.filter(({ by }) => by === "none");
  if (left.length === 0) return [...outcomes];
  const copy = await Deno.makeTempDir({ prefix: "drift-mutants-" });
  const caught = new Set<string>();
  try {
    await copyTo(copy);
    const types = await Deno.readTextFile(TYPES);
    for (const batch of batches(left)) {
      progress(`deno check: ${batch.length} mutants`);
      await Deno.writeTextFile(`${copy}/${TYPES}`, mutatedTypes(types, batch));
      const errors = await check(copy, await naming(files, batch));
      for (const mutant of batch) {
        if (mentions(errors, mutant.name)) caught.add(labelOf(mutant));
      }
    }
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
  return outcomes.map((it) =>
    it.by === "none" && caught.has(labelOf(it)) ? { ...it, by: "types" } : it
  );
}

/** Of one object and of one name one mutant at a time: the compiler stops at a literal's first wrong name. */
export function batches<M extends Mutant>(mutants: readonly M[]): M[][] {
  const found: M[][] = [];
  for (const mutant of mutants) {
    const batch = found.find((it) =>
      it.every(({ object, name }) =>
        object !== mutant.object && name !== mutant.name
      )
    );
    if (batch) batch.push(mutant);
    else found.push([mutant]);
  }
  return found;
}

/** Whether an error of the compiler quotes the name or stands on it. */
export function mentions(errors: string, name: string): boolean {
  const word = RegExp.escape(name);
  if (new RegExp(`\\[ERROR\\]:.*['"]${word}['"]`).test(errors)) return true;
  const lines = errors.split("\n");
  return lines.some((line, index) => {
    const marked = /~+/.exec(line);
    const above = lines[index - 1];
    return marked && /^[\s~]+$/.test(line) && above !== undefined &&
      above.slice(marked.index, marked.index + marked[0].length)
          .replaceAll(/["'`]/g, "") === name;
  });
}

async function naming(
  files: readonly string[],
  batch: readonly Mutant[],
): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const text = await Deno.readTextFile(file);
    if (batch.some(({ name }) => text.includes(name))) found.push(file);
  }
  return found;
}

async function check(cwd: string, files: readonly string[]): Promise<string> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", ...files],
    cwd,
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(LIMIT_MS),
  }).output();
  return new TextDecoder().decode(stderr);
}

async function copyTo(folder: string): Promise<void> {
  for (const path of COPIED) await copyPath(path, `${folder}/${path}`);
  await Deno.symlink(`${Deno.cwd()}/node_modules`, `${folder}/node_modules`);
}

async function copyPath(from: string, to: string): Promise<void> {
  const stat = await Deno.stat(from);
  if (stat.isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copyPath(`${from}/${name}`, `${to}/${name}`);
  }
}

import type { Chain, ScannedFile, Source } from "./chain.ts";
import { chainsAt } from "./chains.ts";
import { ignoresIn } from "./ignores.ts";
import { openProject } from "./project.ts";

/** A file without any of these starts no chain and silences nothing. */
const MAY_MATTER = /\.\s*(?:from|rpc)\b|\[\s*["'](?:from|rpc)|drift-ignore/;

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
  const project = openProject(sources);
  return sources.map((source, index) => {
    progress(index, sources.length);
    if (!MAY_MATTER.test(source.text)) {
      return { ...source, chains: [], ignores: [] };
    }
    const unit = project.unitOf(source);
    const chains: Chain[] = [];
    for (const method of ["from", "rpc"] as const) {
      for (const call of unit.calls.get(method) ?? []) {
        chains.push(...chainsAt(project, method, call));
      }
    }
    chains.sort((one, other) => one.start.span.start - other.start.span.start);
    return { ...source, chains, ignores: ignoresIn(unit) };
  });
}

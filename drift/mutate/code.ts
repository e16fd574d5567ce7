import type { Catalog } from "../catalog/catalog.ts";
import type { Source } from "../code/chain.ts";
import { scanProject } from "../code/scan.ts";
import { judge } from "../rules/judge.ts";
import { mutated } from "./catalog.ts";
import { usesInCode } from "./code_uses.ts";
import { labelOf, type Mutant, type Outcome } from "./mutant.ts";

/** Renames, one at a time, what the code uses, and judges the code by the catalog that is left. */
export function mutateCode(
  sources: readonly Source[],
  catalog: Catalog,
  progress: (line: string) => void = () => {},
): Outcome[] {
  const files = scanProject(sources);
  const drifts = (catalog: Catalog, about: Mutant) =>
    // an embed need not name its key
    files.filter(({ text }) =>
      about.kind === "foreign key" || text.includes(about.name)
    )
      .flatMap((file) => judge(file, catalog).found)
      .filter(({ level }) => level === "drift");
  return usesInCode(files, catalog).map((mutant) => {
    progress(labelOf(mutant));
    const before = drifts(catalog, mutant).length;
    const isCaught = drifts(mutated(catalog, mutant), mutant).length > before;
    return { ...mutant, where: "code", by: isCaught ? "gate" : "none" };
  });
}

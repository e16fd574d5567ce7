import type { Catalog } from "./catalog/catalog.ts";
import type { Source } from "./code/chain.ts";
import { openProject, type Project } from "./code/project.ts";
import { scanOne } from "./code/scan.ts";
import type { Judged } from "./finding.ts";
import { collect, verdictOf } from "./gate.ts";

/** Files that change: what was read of the others is kept. */
export class Workspace {
  readonly #sources: Map<string, Source>;
  #project: Project;

  constructor(sources: readonly Source[], public catalog: Catalog) {
    this.#sources = new Map(sources.map((source) => [source.file, source]));
    this.#project = openProject(sources);
  }

  get sources(): readonly Source[] {
    return this.#project.sources;
  }

  /** Puts a file in, or in the place of what it was; without a text, takes it out. */
  change(file: string, text: string | undefined): void {
    if (this.#sources.get(file)?.text === text) return;
    if (text === undefined) this.#sources.delete(file);
    else this.#sources.set(file, { file, text });
    this.#project = openProject([...this.#sources.values()], this.#project);
  }

  /** What is wrong in one file, but for the SQL in it. */
  judge(file: string): readonly Judged[] {
    const source = this.#sources.get(file);
    if (!source) return [];
    const scanned = scanOne(this.#project, source);
    return verdictOf(collect([scanned], this.catalog), this.catalog).findings;
  }
}

import { fileURLToPath } from "node:url";
import type { ScannedFile } from "../code/chain.ts";
import { scanProject } from "../code/scan.ts";
import { type Snippet, snippetsOf } from "./snippets.ts";

/** The files of one folder of the corpus. */
export interface Corpus {
  readonly name: string;
  readonly drifting: boolean;
  /** The database it is written for: schema.sql, or this repository's own. */
  readonly over: "corpus" | "audit";
  readonly files: readonly CorpusFile[];
}

export interface CorpusFile {
  readonly scanned: ScannedFile;
  readonly snippets: readonly Snippet[];
}

const ROOT = fileURLToPath(new URL(".", import.meta.url));

const FOLDERS = [
  { name: "drifting", drifting: true, over: "corpus" },
  { name: "correct", drifting: false, over: "corpus" },
  { name: "audit/drifting", drifting: true, over: "audit" },
  { name: "audit/correct", drifting: false, over: "audit" },
] as const;

/** What snippets import. */
const SHARED = ["client.ts", "input.ts", "audit/client.ts"];

/** Reads and scans the whole corpus; files are named by their full path. */
export async function readCorpus(): Promise<Corpus[]> {
  const corpora: Corpus[] = [];
  for (const folder of FOLDERS) {
    const own = await filesIn(folder.name);
    const sources = await Promise.all([...SHARED, ...own].map(async (file) => ({
      file: `${ROOT}${file}`,
      text: await Deno.readTextFile(`${ROOT}${file}`),
    })));
    const files = scanProject(sources).slice(SHARED.length).map((scanned) => ({
      scanned,
      snippets: snippetsOf(scanned.file, scanned.text),
    }));
    corpora.push({ ...folder, files });
  }
  return corpora;
}

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(`${ROOT}${folder}`)) {
    files.push(`${folder}/${name}`);
  }
  return files.sort();
}

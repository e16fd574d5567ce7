import { statOf } from "../paths.ts";

/** A checkout's files, by paths relative to its root. */
export class Checkout {
  constructor(private readonly root: string = ".") {}

  /** Where a file is. */
  at(path: string): string {
    return `${this.root}/${path}`;
  }

  async has(path: string): Promise<boolean> {
    return await statOf(this.at(path)) !== undefined;
  }

  async read(path: string): Promise<string> {
    return await Deno.readTextFile(this.at(path));
  }

  /** Names of the function folders, those with an underscore left out; undefined where there are no functions. */
  async functions(): Promise<ReadonlySet<string> | undefined> {
    if (!await this.has(FUNCTIONS)) return undefined;
    const names: string[] = [];
    for await (
      const { name, isDirectory } of Deno.readDir(this.at(FUNCTIONS))
    ) {
      if (isDirectory && !/^[_.]/.test(name) && name !== "node_modules") {
        names.push(name);
      }
    }
    return new Set(names.sort());
  }
}

export const FUNCTIONS = "supabase/functions";

/**
 * What the gate uses of Deno, and of JavaScript later than Node 20, where it runs on Node. Each is left as
 * it is where it is there.
 */
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import process from "node:process";
import { Readable } from "node:stream";

class NotFound extends Error {
  override name = "NotFound";
}

type Path = string | URL;

/** A file that is not there is Deno's error. */
async function found<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new NotFound(error.message, { cause: error });
    }
    throw error;
  }
}

function infoOf(stat: Awaited<ReturnType<typeof fs.stat>>) {
  return {
    isFile: stat.isFile(),
    isDirectory: stat.isDirectory(),
    isSymlink: stat.isSymbolicLink(),
    size: Number(stat.size),
    mtime: stat.mtime,
  };
}

const deno = {
  errors: { NotFound },
  env: { get: (name: string) => process.env[name] },
  readTextFile: (file: Path) => found(fs.readFile(file, "utf8")),
  readFile: async (file: Path) =>
    new Uint8Array(await found(fs.readFile(file))),
  writeTextFile: (file: Path, text: string) => found(fs.writeFile(file, text)),
  writeFile: (file: Path, content: Uint8Array | ReadableStream<Uint8Array>) =>
    found(
      fs.writeFile(
        file,
        content instanceof Uint8Array
          ? content
          : Readable.from(content as AsyncIterable<Uint8Array>),
      ),
    ),
  async *readDir(folder: Path) {
    for (const it of await found(fs.readdir(folder, { withFileTypes: true }))) {
      yield {
        name: it.name,
        isFile: it.isFile(),
        isDirectory: it.isDirectory(),
        isSymlink: it.isSymbolicLink(),
      };
    }
  },
  stat: async (file: Path) => infoOf(await found(fs.stat(file))),
  mkdir: async (folder: Path, options?: { recursive?: boolean }) =>
    void await found(fs.mkdir(folder, options)),
  remove: (file: Path, options?: { recursive?: boolean }) =>
    found(fs.rm(file, options)),
  rename: (from: Path, to: Path) => found(fs.rename(from, to)),
  utime: (file: Path, accessed: Date, changed: Date) =>
    found(fs.utimes(file, accessed, changed)),
  async makeTempFile({ dir = os.tmpdir(), suffix = "" } = {}) {
    const file = path.join(dir, `${crypto.randomUUID()}${suffix}`);
    await found(fs.writeFile(file, "", { flag: "wx" }));
    return file;
  },
};

/** Sets what is not there. */
function provide(on: object, name: string, value: unknown): void {
  if (name in on) return;
  Object.defineProperty(on, name, {
    value,
    writable: true,
    configurable: true,
  });
}

provide(globalThis, "Deno", deno);

provide(
  RegExp,
  "escape",
  (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"),
);

provide(Map, "groupBy", <Key, Item>(
  items: Iterable<Item>,
  keyOf: (item: Item, index: number) => Key,
) => {
  const groups = new Map<Key, Item[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
});

provide(Set.prototype, "isSubsetOf", function <Item>(
  this: Set<Item>,
  other: { has(item: Item): boolean },
) {
  for (const item of this) if (!other.has(item)) return false;
  return true;
});

/** Iterators have the methods of lists. */
const iterator: object = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
);
for (
  const name of ["map", "filter", "flatMap", "some", "every", "find"] as const
) {
  provide(iterator, name, function (
    this: Iterable<unknown>,
    work: (item: unknown) => unknown,
  ) {
    const all: unknown[] = [...this];
    const done: unknown = Reflect.apply(all[name], all, [work]);
    return Array.isArray(done) ? done[Symbol.iterator]() : done;
  });
}
provide(iterator, "toArray", function (this: Iterable<unknown>) {
  return [...this];
});

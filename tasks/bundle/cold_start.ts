import { functionEnvironment } from "../../stack/functions/environment.ts";
import { startFunction } from "../../stack/functions/process.ts";
import { StackError } from "../../stack/errors.ts";

/** A function that does nothing: what every start costs. */
const EMPTY = "export default { fetch: () => new Response(null) };";

/** Fresh processes for each function. */
const ROUNDS = 9;

/** How long a function takes to start, in milliseconds: the median. */
export interface ColdStart {
  readonly own: number;
  /** Of a function that does nothing, each time right before. */
  readonly empty: number;
}

/**
 * Measures the time from starting a process to its answer to OPTIONS, for which it has to have loaded
 * the bundle. Functions take turns, and the empty one goes before each, so that a busy moment hits both.
 *
 * @param entrypoints the bundles' paths, by name
 * @throws {StackError} when one does not load
 */
export async function measureColdStarts(
  entrypoints: ReadonlyMap<string, string>,
  progress: (done: number, total: number) => void,
  rounds = ROUNDS,
): Promise<Map<string, ColdStart>> {
  const times = Array.from(entrypoints, ([name, path]) => ({
    name,
    path,
    own: Array<number>(),
    empty: Array<number>(),
  }));
  const folder = await Deno.makeTempDir({ prefix: "cold-start-" });
  try {
    const nothing = `${folder}/index.js`;
    await Deno.writeTextFile(nothing, EMPTY);
    await coldStart(nothing); // the file system's caches are nobody's cold start
    for (let round = 0; round < rounds; round++) {
      for (const { path, own, empty } of times) {
        empty.push(await coldStart(nothing));
        own.push(await coldStart(path));
      }
      progress(round + 1, rounds);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return new Map(times.map(({ name, own, empty }) => [name, {
    own: median(own),
    empty: median(empty),
  }]));
}

async function coldStart(entrypoint: string): Promise<number> {
  const started = performance.now();
  const environment = functionEnvironment("http://127.0.0.1", undefined, "");
  const process = startFunction(
    entrypoint,
    undefined,
    environment,
    () => {},
  );
  try {
    const port = await process.port;
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: "OPTIONS",
    });
    await response.body?.cancel();
    if (response.ok) return performance.now() - started;
    throw new StackError(`${entrypoint} does not start`);
  } finally {
    await process.stop();
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

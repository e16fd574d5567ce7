/**
 * Runs one function in a process of its own: `deno run -A host.ts <entrypoint>`. Prints the port it
 * listens on as the first line of standard output, and ends when standard input does, so that it
 * never outlives the stack. The stack's own code is not imported here: a function sees what it would
 * see on the platform.
 */

interface EdgeFunction {
  fetch(request: Request): Response | Promise<Response>;
}

const [entrypoint = ""] = Deno.args;

/** The platform's answers for a function that does not load, and for one that throws. */
const BOOT_ERROR = {
  code: "BOOT_ERROR",
  message: "Worker failed to boot (please check logs)",
};
const WORKER_ERROR = {
  code: "WORKER_ERROR",
  message: "Function exited due to an error (please check logs)",
};

globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  console.error("uncaught (in promise)", event.reason);
});
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  console.error("uncaught", event.error);
});
// Ctrl-C reaches every process of the terminal; the stack decides when this one ends.
Deno.addSignalListener("SIGINT", () => {});

/** What functions go on with after an answer: as on the platform, it is waited for. */
const background = new Set<Promise<unknown>>();
Object.assign(globalThis, {
  EdgeRuntime: {
    waitUntil(work: Promise<unknown>) {
      background.add(work);
      work.finally(() => background.delete(work));
    },
  },
});

const loaded: Promise<EdgeFunction | undefined> = load();

const server = Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const edgeFunction = await loaded;
  if (!edgeFunction) return Response.json(BOOT_ERROR, { status: 503 });
  try {
    return await edgeFunction.fetch(request);
  } catch (error) {
    console.error(error);
    return Response.json(WORKER_ERROR, { status: 500 });
  }
});

for await (const _ of Deno.stdin.readable);
await server.shutdown();
await Promise.allSettled(background);
Deno.exit(0);

async function load(): Promise<EdgeFunction | undefined> {
  try {
    const { default: edgeFunction }: { default?: unknown } = await import(
      entrypoint
    );
    if (isEdgeFunction(edgeFunction)) return edgeFunction;
    console.error(`${entrypoint}: wants \`export default { fetch }\``);
  } catch (error) {
    console.error(error);
  }
}

function isEdgeFunction(value: unknown): value is EdgeFunction {
  return typeof value === "object" && value !== null && "fetch" in value &&
    typeof value.fetch === "function";
}

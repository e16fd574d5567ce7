import { fileURLToPath, pathToFileURL } from "node:url";

const encoder = new TextEncoder();

const HOST = fileURLToPath(new URL("./host.ts", import.meta.url));

/** A running function. */
export interface FunctionProcess {
  /** The port of 127.0.0.1 it answers on; `undefined` when it ended before it listened. */
  port: Promise<number | undefined>;
  /** Whether it has ended. */
  ended(): boolean;
  /** Lets it finish what it is answering, then ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a function with exactly the environment given. What it prints goes to `prints`, else to
 * standard error.
 */
export function startFunction(
  entrypoint: string,
  importMap: string | undefined,
  env: Record<string, string>,
  prints?: (text: string) => void,
): FunctionProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--quiet",
      "--unstable-no-legacy-abort",
      ...(importMap ? [`--import-map=${importMap}`] : []),
      HOST,
      pathToFileURL(entrypoint).href,
    ],
    clearEnv: true,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: prints ? "piped" : "inherit",
  }).spawn();
  let ended = false;
  const status = child.status.finally(() => ended = true);
  const { promise: port, resolve } = Promise.withResolvers<
    number | undefined
  >();
  status.then(() => resolve(undefined));
  const relayed = Promise.all([
    relay(
      child.stdout,
      resolve,
      prints ?? ((text) => Deno.stderr.write(encoder.encode(text))),
    ),
    prints && pass(child.stderr, prints),
  ]);
  return {
    port,
    ended: () => ended,
    stop: async () => {
      // closed already where the process has ended
      await child.stdin.close().catch(() => {});
      const force = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await status;
      clearTimeout(force);
      await relayed;
    },
  };
}

/** Takes the port from the first line; everything after it is the function's own output. */
async function relay(
  stdout: ReadableStream<Uint8Array>,
  listening: (port: number) => void,
  print: (text: string) => unknown,
): Promise<void> {
  let head = "";
  for await (const text of stdout.pipeThrough(new TextDecoderStream())) {
    if (head.endsWith("\n")) {
      await print(text);
      continue;
    }
    head += text;
    const end = head.indexOf("\n");
    if (end < 0) continue;
    listening(Number(head.slice(0, end)));
    await print(head.slice(end + 1));
    head = "\n";
  }
}

async function pass(
  stream: ReadableStream<Uint8Array>,
  print: (text: string) => void,
): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    print(text);
  }
}

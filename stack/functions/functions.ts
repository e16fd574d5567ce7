import { resolve } from "node:path";
import type { FunctionConfig } from "../config.ts";
import { FUNCTIONS_DIR, SERVED_DIR, SUPABASE_DIR } from "../paths.ts";
import { verifyToken } from "../tokens.ts";
import { functionEnvironment } from "./environment.ts";
import { fingerprint } from "./fingerprint.ts";
import { forward } from "./forward.ts";
import { type FunctionProcess, startFunction } from "./process.ts";

const DOT_ENV = `${FUNCTIONS_DIR}/.env`;

/** What the platform answers for a function that does not start, or ends while it answers. */
const BOOT_ERROR = { code: "BOOT_ERROR", message: "Worker failed to boot" };
const WORKER_ERROR = {
  code: "WORKER_ERROR",
  message: "Function exited due to an error (please check logs)",
};

interface Running {
  process: FunctionProcess;
  fingerprint: string;
}

/** Serves the functions of config.toml, each in its own process, started at its first request. */
export class Functions {
  readonly #running = new Map<string, Running>();
  readonly #stopping = new Set<Promise<void>>();

  constructor(
    private readonly configs: Record<string, FunctionConfig>,
    private readonly url: string,
    private readonly dbUrl: string | undefined,
    private readonly options: {
      /** Set over everything else. */
      env?: Record<string, string>;
      /** Where what the functions print goes; to this process's standard error without it. */
      prints?: (text: string) => void;
    } = {},
  ) {}

  /** The functions that are enabled and have a file. */
  names(): string[] {
    return Object.entries(this.configs)
      .filter(([name, config]) =>
        config.enabled && exists(entrypointOf(name, config))
      )
      .map(([name]) => name);
  }

  /** Answers a request for `/functions/v1/<name>/…`; `path` begins with `/<name>`. */
  async fetch(
    name: string,
    path: string,
    request: Request,
    headers: Headers,
  ): Promise<Response> {
    const config = this.configs[name];
    if (!config?.enabled || !exists(entrypointOf(name, config))) {
      return Response.json({
        code: "NOT_FOUND",
        message: "Requested function was not found",
      }, {
        status: 404,
      });
    }
    if (config.verify_jwt && request.method !== "OPTIONS") {
      const refusal = refuseToken(request.headers.get("authorization"));
      if (refusal) return refusal;
    }
    const process = this.#start(name, config);
    const port = await process.port;
    if (port === undefined) {
      this.#discard(name, process);
      return Response.json(BOOT_ERROR, { status: 503 });
    }
    try {
      return await forward(request, port, path, headers);
    } catch (error) {
      if (request.signal.aborted) return new Response(null, { status: 499 });
      this.#discard(name, process);
      console.error(
        `${name}: ${error instanceof Error ? error.message : error}`,
      );
      return Response.json(WORKER_ERROR, { status: 500 });
    }
  }

  /** Starts a function, or starts it anew when a file has changed. */
  #start(name: string, config: FunctionConfig): FunctionProcess {
    const importMap = config.import_map &&
      resolve(SUPABASE_DIR, config.import_map);
    const current = fingerprint([
      FUNCTIONS_DIR,
      ...(SERVED_DIR ? [SERVED_DIR] : []),
      ...(importMap ? [importMap] : []),
    ]);
    const running = this.#running.get(name);
    if (running?.fingerprint === current && !running.process.ended()) {
      return running.process;
    }
    if (running) this.#discard(name, running.process);
    const process = startFunction(
      entrypointOf(name, config),
      importMap,
      {
        ...functionEnvironment(this.url, this.dbUrl, readIfThere(DOT_ENV)),
        ...this.options.env,
      },
      this.options.prints,
    );
    this.#running.set(name, { process, fingerprint: current });
    return process;
  }

  async close(): Promise<void> {
    for (const [name, { process }] of this.#running) {
      this.#discard(name, process);
    }
    await Promise.all(this.#stopping);
  }

  #discard(name: string, process: FunctionProcess): void {
    if (this.#running.get(name)?.process !== process) return;
    this.#running.delete(name);
    const stopped = process.stop().finally(() =>
      this.#stopping.delete(stopped)
    );
    this.#stopping.add(stopped);
  }
}

/** What `supabase functions serve` answers when `verify_jwt` is on. */
function refuseToken(authorization: string | null): Response | undefined {
  const unauthorized = (msg: string) => Response.json({ msg }, { status: 401 });
  if (!authorization) {
    return unauthorized("Error: Missing authorization header");
  }
  const [scheme, token] = authorization.split(" ");
  if (scheme !== "Bearer" || !token) {
    return unauthorized("Error: Auth header is not 'Bearer {token}'");
  }
  return verifyToken(token) ? undefined : unauthorized("Invalid JWT");
}

function entrypointOf(name: string, config: FunctionConfig): string {
  return config.entrypoint
    ? resolve(SUPABASE_DIR, config.entrypoint)
    : `${FUNCTIONS_DIR}/${name}/index.ts`;
}

function exists(path: string): boolean {
  return fingerprint([path]) !== "";
}

function readIfThere(path: string): string {
  return exists(path) ? Deno.readTextFileSync(path) : "";
}

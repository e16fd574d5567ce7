import { fileURLToPath } from "node:url";
import { openDatabase } from "../../stack/database.ts";
import {
  type SpawnedStack,
  spawnStack,
} from "../../tasks/support/spawn_stack.ts";
import { createDatabase, execute } from "../databases.ts";

const FILL = fileURLToPath(new URL("./owners.sql", import.meta.url));
const LOG = fileURLToPath(
  new URL("../../.stack/bench_owners.log", import.meta.url),
);

/** A stack over a database with owners of credits that nobody has touched. */
export interface Untouched extends AsyncDisposable {
  readonly url: string;
  readonly secretKey: string;
}

/** A database with so many owners of credits, from which any number of stacks start. */
export interface Owners extends AsyncDisposable {
  untouched(): Promise<Untouched>;
}

/** Makes one, on this server or else on PGlite. */
export async function givenOwners(
  owners: number,
  server: string | undefined,
): Promise<Owners> {
  return server === undefined
    ? await onPglite(owners)
    : await onPostgres(owners, server);
}

async function onPostgres(owners: number, server: string): Promise<Owners> {
  const filled = await createDatabase(server);
  await fill({ db: filled.url }, owners);
  await execute(filled.url, "vacuum analyze");
  return {
    untouched: async () => {
      const copy = await createDatabase(server, filled);
      return over(await start(["--db", copy.url]), copy);
    },
    [Symbol.asyncDispose]: () => filled[Symbol.asyncDispose](),
  };
}

async function onPglite(owners: number): Promise<Owners> {
  const filled = await temporaryFolder();
  await fill({ data: filled.path }, owners);
  return {
    untouched: async () => {
      const copy = await temporaryFolder();
      await copyFolder(filled.path, copy.path);
      return over(await start(["--data", copy.path]), copy);
    },
    [Symbol.asyncDispose]: () => filled[Symbol.asyncDispose](),
  };
}

async function fill(
  where: { db: string } | { data: string },
  owners: number,
): Promise<void> {
  const database = await openDatabase({ ...where, seed: false });
  try {
    await database.transaction(async (session) => {
      await session.query("select set_config('bench.owners', $1, true)", [
        String(owners),
      ]);
      await session.script(await Deno.readTextFile(FILL));
    });
  } finally {
    await database.close();
    Deno.exitCode = 0; // initdb, compiled to WASM, leaves its own behind
  }
}

function start(args: string[]): Promise<SpawnedStack> {
  return spawnStack(["--port", "0", "--no-seed", ...args], {
    log: LOG,
    quiet: true,
  });
}

function over(stack: SpawnedStack, storage: AsyncDisposable): Untouched {
  return {
    url: stack.environment.SUPABASE_URL,
    secretKey: stack.environment.SUPABASE_SECRET_KEY,
    async [Symbol.asyncDispose]() {
      await stack.stop();
      await storage[Symbol.asyncDispose]();
    },
  };
}

async function temporaryFolder() {
  const path = await Deno.makeTempDir({ prefix: "bench-owners-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function copyFolder(from: string, to: string): Promise<void> {
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (!entry.isDirectory) {
      await Deno.copyFile(source, target);
      continue;
    }
    await Deno.mkdir(target);
    await copyFolder(source, target);
  }
}

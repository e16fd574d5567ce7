import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import {
  type SpawnedStack,
  spawnStack,
} from "../../tasks/support/spawn_stack.ts";
import { api } from "../support/stack.ts";

const CONFIG = `
[api]
schemas = ["public"]
max_rows = 1000

[auth]
minimum_password_length = 8
enable_anonymous_sign_ins = true
`;

/** A project of its own: a `supabase` folder that a test may write to. */
export interface Project extends AsyncDisposable {
  folder: string;
  write(path: string, text: string): Promise<void>;
}

/** Makes a project from files, by their paths below `supabase`. */
export async function scratchProject(
  files: Record<string, string> = {},
): Promise<Project> {
  const folder = await Deno.makeTempDir({ prefix: "stack-test-" });
  const project: Project = {
    folder,
    write: async (path, text) => {
      const file = `${folder}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(file, text);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
  await project.write("config.toml", CONFIG + (files["config.toml"] ?? ""));
  for (const [path, text] of Object.entries(files)) {
    if (path !== "config.toml") await project.write(path, text);
  }
  return project;
}

/** A stack that serves a project of its own, on a database of its own. */
export interface ScratchStack {
  url: string;
  project: Project;
  log(): Promise<string>;
  client(key: "publishable" | "secret"): ReturnType<typeof createClient>;
  stop(): Promise<void>;
}

/** Starts one, on the kind of database the tests run on. */
export async function scratchStack(
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<ScratchStack> {
  const project = await scratchProject(files);
  const database = api.dbUrl ? await scratchDatabase(api.dbUrl) : undefined;
  const log = `${project.folder}/stack.log`;
  const stack: SpawnedStack = await spawnStack(
    ["--port", "0", ...(database ? ["--db", database.url] : [])],
    {
      log,
      quiet: true,
      // of the project alone, whatever this run of the tests serves
      env: { STACK_SUPABASE_DIR: project.folder, STACK_FUNCTIONS: "", ...env },
    },
  );
  const { environment } = stack;
  return {
    url: environment.SUPABASE_URL,
    project,
    log: () => Deno.readTextFile(log),
    client: (key) =>
      createClient(
        environment.SUPABASE_URL,
        key === "secret"
          ? environment.SUPABASE_SECRET_KEY
          : environment.SUPABASE_PUBLISHABLE_KEY,
        { auth: { persistSession: false, autoRefreshToken: false } },
      ),
    stop: async () => {
      await stack.stop();
      await database?.[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}

/** An empty database that is dropped in the end. */
interface ScratchDatabase extends AsyncDisposable {
  url: string;
}

/** Makes one on a server. */
export async function scratchDatabase(
  serverUrl: string,
): Promise<ScratchDatabase> {
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  const name = `stack_test_${crypto.randomUUID().replaceAll("-", "")}`;
  await server.unsafe(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      await server.unsafe(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}

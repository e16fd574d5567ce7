import { writeMigration, type Written } from "../../tasks/migration/write.ts";
import { compareSchemas, type Comparison } from "../../tasks/schema/compare.ts";
import { type Run, runDeno } from "../support/run_deno.ts";
import { SUPABASE_DIR } from "../../stack/paths.ts";
import { type Project, scratchProject } from "../stack/scratch.ts";

const CONFIG = `
[db.migrations]
schema_paths = ["./schemas/00_platform/*.sql", "./schemas/10_things/things.sql", "./schemas/10_things/*.sql"]
`;

const TABLE = `create table public.things (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  owner_id uuid references auth.users (id)
);
comment on table public.things is 'What people have.';

create index things_name_idx on public.things (name);

alter table public.things enable row level security;
revoke all on table public.things from public, anon, authenticated, service_role;
grant select on table public.things to authenticated;

create policy "select" on public.things for select to authenticated using (owner_id = (select auth.uid()));

create or replace trigger keep_name
  before update on public.things
  for each row execute function private.keep_name();
`;

const TRIGGER_FUNCTION = `create or replace function private.keep_name()
returns trigger language plpgsql set search_path = ''
as $$
begin
  new.name := old.name;
  return new;
end
$$;
comment on function private.keep_name() is 'A thing keeps its name.';
`;

const FUNCTION = `create or replace function public.count_things(p_name text)
returns bigint language sql stable set search_path = ''
begin atomic
  select count(*) from public.things t where t.name = p_name;
end;
comment on function public.count_things(text) is 'How many things have a name.';
revoke execute on function public.count_things(text) from public, anon;
grant execute on function public.count_things(text) to authenticated;
`;

/** A small project whose schemas and migrations make the same. */
export interface Sample extends Project {
  read(path: string): Promise<string>;
  /** Changes a file of the schemas. @throws {TypeError} where the text is not there */
  change(path: string, from: string, to: string): Promise<void>;
  /** The migrations that a run has written, by what follows the version. */
  written(): Promise<Map<string, string>>;
  /** How its schemas and migrations part: nothing where they make the same. */
  compared(): Promise<Pick<Comparison, "differences" | "open">>;
  /** Writes a migration. */
  migrate(why?: string): Promise<Written>;
  /** Runs a task of deno.json on it. */
  task(name: "schema" | "migration", ...args: string[]): Promise<Run>;
}

const FIRST = "migrations/20260101000000_all.sql";

export async function sample(): Promise<Sample> {
  const files = {
    "schemas/00_platform/helpers.sql": await helpers(),
    "schemas/00_platform/keep_name.sql": TRIGGER_FUNCTION,
    "schemas/10_things/things.sql": TABLE,
    "schemas/10_things/count_things.sql": FUNCTION,
  };
  const project = await scratchProject({
    "config.toml": CONFIG,
    ...files,
    [FIRST]: Object.values(files).join("\n"),
  });
  const read = (path: string) => Deno.readTextFile(`${project.folder}/${path}`);
  const progress = () => {};
  const supabase = project.folder;
  const task = (name: string, ...args: string[]) =>
    runDeno(["run", "-A", `tasks/${name}.ts`, ...args], {
      env: { STACK_SUPABASE_DIR: project.folder, NO_COLOR: "1" },
    });
  return {
    ...project,
    read,
    change: async (path, from, to) => {
      const text = await read(path);
      if (!text.includes(from)) throw new TypeError(`${path}: no ${from}`);
      await project.write(path, text.replace(from, to));
    },
    written: async () => {
      const found = new Map<string, string>();
      for await (
        const { name } of Deno.readDir(`${project.folder}/migrations`)
      ) {
        if (!FIRST.endsWith(name)) {
          found.set(
            name.replace(/^\d+_/, ""),
            await read(`migrations/${name}`),
          );
        }
      }
      return found;
    },
    compared: async () => {
      const { differences, open } = await compareSchemas({
        supabase,
        progress,
      });
      return { differences, open };
    },
    migrate: (why) =>
      writeMigration({
        supabase,
        name: "change",
        why,
        now: new Date(),
        progress,
      }),
    task,
  };
}

/** Schema private, and what migrations assert with: the repository's own. */
async function helpers(): Promise<string> {
  const folder = `${SUPABASE_DIR}/schemas/00_platform`;
  const texts = ["create schema private;"];
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(`${folder}/${name}`);
    if (
      /function private\.(?:assert_|ensure_|policy_is|policies_are)/.test(text)
    ) {
      texts.push(text);
    }
  }
  return texts.join("\n");
}

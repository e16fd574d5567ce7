/** A small checkout to deploy from: a baseline of one table, a fix on top of it, and one function. */
export const FILES: Record<string, string> = {
  "config.toml": `project_id = "small"
[api]
max_rows = 500
[functions.hello]
verify_jwt = false
`,
  "functions/hello/index.ts":
    `export default { fetch: () => new Response("hello") };\n`,
  "migrations/20260101000000_baseline_people.sql":
    `create table if not exists public.people (id integer primary key, name text not null);\n`,
  "migrations/20260102000000_fix.sql":
    `alter table public.people add column if not exists email text;
create or replace function public.greet() returns text language sql as $$ select 'hello' $$;\n`,
  "migrations/20260103000000_notes.sql":
    `create table if not exists public.notes (id integer primary key);
create index if not exists notes_id_idx on public.notes (id);\n`,
};

/** Writes a checkout below a folder. Returns its root. */
export async function checkout(
  folder: string,
  files: Record<string, string> = FILES,
): Promise<string> {
  const root = `${folder}/checkout`;
  for (const [path, text] of Object.entries(files)) {
    const file = `${root}/supabase/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  return root;
}

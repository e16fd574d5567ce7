import { assertEquals } from "@std/assert";
import { fromFiles } from "../../../drift/catalog/from_files.ts";
import type { Failure } from "../../../drift/platform/apply.ts";
import { scratchProject } from "../../stack/scratch.ts";

/** What fails of migrations, and the catalog that they make. */
async function made(migrations: Record<string, string>, schemas = ["public"]) {
  const files = Object.fromEntries(
    Object.entries(migrations).map((
      [name, sql],
    ) => [`migrations/${name}`, sql]),
  );
  await using project = await scratchProject(files);
  const { catalog, failures } = await fromFiles({
    supabase: project.folder,
    schemas,
  });
  return { relations: catalog.schemas.get("public")?.relations, failures };
}

const line = ({ file, line, message, isEcho }: Failure) =>
  `${file}:${line} ${message}${isEcho ? " (echo)" : ""}`;

/** The reasons why a migration of these statements fails: none. */
async function failing(sql: string): Promise<string[]> {
  return (await made({ "20250101000000_it.sql": sql })).failures.map(line);
}

Deno.test("storage is there: buckets, objects, their policies and helpers", async () => {
  assertEquals(
    await failing(`
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('avatars', 'avatars', true, 1000, array['image/png']);
create policy "own" on storage.objects for select to authenticated
using (bucket_id = 'avatars' and (storage.foldername(name))[1] = auth.uid()::text and owner_id = auth.uid()::text
  and storage.extension(name) = 'png' and storage.filename(name) <> '');
create trigger on_upload after insert on storage.objects for each row execute function supabase_functions.http_request();`),
    [],
  );
});

Deno.test("realtime is there: messages, topics, broadcasts and the publication", async () => {
  assertEquals(
    await failing(`
create table public.rooms (id int primary key);
alter publication supabase_realtime add table public.rooms;
create policy "read" on realtime.messages for select to authenticated using (realtime.topic() = 'room');
create function public.tell() returns trigger language plpgsql security definer as $$
begin
  perform realtime.broadcast_changes('room', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
  perform realtime.send('{}'::jsonb, 'event', 'topic', false);
  return null;
end $$;
do $$ begin perform realtime.send('{}'::jsonb, 'event', 'topic', false); end $$;`),
    [],
  );
});

Deno.test("vault, cron and net are there", async () => {
  assertEquals(
    await failing(`
create extension if not exists pg_cron with schema pg_catalog;
create extension if not exists pg_net;
select vault.create_secret('value', 'name');
select vault.update_secret(id, 'other') from vault.decrypted_secrets where name = 'name';
select cron.schedule('nightly', '0 3 * * *', $$
  select net.http_post(url := 'https://a.b', headers := '{}'::jsonb, body := '{}'::jsonb, timeout_milliseconds := 1000)
$$);
select cron.unschedule('nightly');
select jobid from cron.job where jobname = 'nightly';
grant usage on schema cron to postgres;`),
    [],
  );
});

Deno.test("auth has GoTrue's tables and types, and the platform its roles", async () => {
  assertEquals(
    await failing(`
create view public.factors as select f.id, f.factor_type, c.verified_at
from auth.mfa_factors f join auth.mfa_challenges c on c.factor_id = f.id;
select aal::auth.aal_level from auth.sessions;
select instance_id, is_super_admin from auth.users;
select id from auth.one_time_tokens union select id from auth.sso_providers union select id from auth.sso_domains
union select id from auth.saml_providers union select id from auth.identities union select id from auth.flow_state;
create trigger on_created after insert on auth.users for each row execute function supabase_functions.http_request();
grant select on auth.users to supabase_auth_admin, supabase_admin, dashboard_user, supabase_storage_admin;
alter table public.nothing owner to postgres;`),
    ['20250101000000_it.sql:10 42P01 relation "public.nothing" does not exist'],
  );
});

Deno.test("extensions that the embedded database has not are declared, also in blocks", async () => {
  assertEquals(
    await failing(`
create extension if not exists "vector" with schema extensions;
create extension if not exists moddatetime schema extensions;
create extension if not exists pg_graphql;
create extension postgis with schema extensions;
comment on extension postgis is 'places';
do $$ begin
  create extension if not exists pg_stat_statements;
end $$;
create table public.places (
  id int primary key, at extensions.geography(Point, 4326), means vector(3), updated_at timestamptz
);
create trigger touch before update on public.places for each row
execute procedure extensions.moddatetime(updated_at);
select st_distance(at, at) from public.places;`),
    [],
  );
});

Deno.test("what fails is named with file and line, the others go on, an echo is none of its own", async () => {
  const { relations, failures } = await made({
    "20250101000000_a.sql": `create table public.a (id int primary key);

create table public.b (id int references public.gone);
create table public.c (id int primary key);`,
    "20250102000000_b.sql": `begin;
alter table public.b add column name text;
create view public.v as select id from public.b;
commit;
create view public.w as select v.id from public.v;`,
    "20250103000000_c.sql": `\\restrict abc
create table public.d (id int primary key);`,
  });
  assertEquals([...relations?.keys() ?? []], ["a", "c", "d"]);
  assertEquals(failures.map(line), [
    '20250101000000_a.sql:3 42P01 relation "public.gone" does not exist',
    '20250102000000_b.sql:2 42P01 relation "public.b" does not exist (echo)',
    '20250102000000_b.sql:3 42P01 relation "public.b" does not exist (echo)',
    '20250102000000_b.sql:5 42P01 relation "public.v" does not exist (echo)',
  ]);
});

Deno.test("a project has the grants of its age", async () => {
  const sql = "create table public.notes (id int primary key);";
  const grants = async (file: string) => {
    const { relations } = await made({ [file]: sql });
    return relations?.get("notes")?.grants?.get("anon")?.get("select")?.size ??
      0;
  };
  assertEquals(await grants("20240101000000_old.sql"), 1);
  assertEquals(await grants("20261101000000_new.sql"), 0);
  assertEquals(await grants("0001_unknown.sql"), 0);
});

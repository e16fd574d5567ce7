import { assertEquals } from "@std/assert";
import { sqlTest, undone } from "../support/sql.ts";
import {
  foldersOfTables,
  lineOf,
  readList,
  writeList,
} from "./columns/lists.ts";
import { type Accepted, tryAll } from "./columns/try_all.ts";
import { givenWorld } from "./columns/world.ts";

const isUpdate = Deno.env.get("UPDATE_COLUMNS") === "1";
const folders = await foldersOfTables();

let tried: Promise<Accepted[]> | undefined;

/** Everything that is accepted in tables of a folder of the schemas, tried once. */
async function acceptedOf(folder: string): Promise<Accepted[]> {
  tried ??= new Promise((resolve, reject) =>
    undone(async (sql) =>
      resolve(await tryAll(sql, await givenWorld(sql), () => true))
    ).catch(reject)
  );
  return (await tried).filter(({ table }) =>
    (folders.get(table) ?? "elsewhere") === folder
  );
}

for (const folder of [...new Set(folders.values()), "elsewhere"].sort()) {
  Deno.test({
    name:
      `what users write into tables of ${folder} is listed, column by column, with its reason`,
    // the database outlives the test that opens it
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const accepted = await acceptedOf(folder);
      const list = await readList(folder);
      if (isUpdate) return await writeList(folder, accepted, list);
      assertEquals(
        accepted.map((cell) => lineOf(cell)).sort(),
        [...list.keys()].sort(),
        `accepted/${folder}.txt: UPDATE_COLUMNS=1 writes it anew`,
      );
      const open = [...list].filter(([, reason]) => reason === "?");
      assertEquals(open, [], "lines without a reason");
    },
  });
}

sqlTest("a new column shows, until somebody gives its reason", async (sql) => {
  await sql.script(`
    create table public.fresh (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null references auth.users (id),
      coach_id uuid references auth.users (id),
      organization_id uuid references public.organizations (id),
      title text, rating integer not null default 0, created_at timestamptz not null default now()
    );
    alter table public.fresh enable row level security;
    revoke all on public.fresh from anon, authenticated, service_role;
    grant select, update (title, rating) on public.fresh to authenticated;
    grant insert (user_id, coach_id, organization_id, title, created_at) on public.fresh to authenticated;
    create policy "read" on public.fresh for select to authenticated using (user_id = auth.uid());
    create policy "write" on public.fresh for insert to authenticated with check (user_id = auth.uid());
    create policy "change" on public.fresh for update to authenticated using (user_id = auth.uid());`);
  const accepted = await tryAll(
    sql,
    await givenWorld(sql),
    (table) => table === "fresh",
  );
  assertEquals(accepted.map((cell) => lineOf(cell)), [
    "fresh insert (user_id=own coach_id=foreign) owner+other+org_admin+staff",
    "fresh insert organization_id=foreign owner+other+org_admin+staff",
    "fresh insert title owner+other+org_admin+staff",
    "fresh insert created_at owner+other+org_admin+staff",
    "fresh update title owner",
    "fresh update rating owner",
    "fresh insert (user_id=own coach_id=owner) other+org_admin+staff",
  ]);
});

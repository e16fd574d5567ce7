/**
 * Measures one run of credit maintenance over many owners, beside what it replaces: a call of
 * process_credit_rollover a subscriber. On a database of its own on the server of SUPABASE_DB_URL.
 * `deno task bench --db <url>` runs it; the only argument is the number of owners.
 */
import postgres from "postgres";
import { openDatabase } from "../stack/database.ts";

const OWNERS = Number(Deno.args[0] ?? 100_000);
const SIZES = [OWNERS / 100, OWNERS / 10, OWNERS].map(Math.ceil);
/** The loop is timed over so many subscribers and scaled up. */
const SAMPLE = 1_000;
const NOW = "2031-04-01T00:10Z";

const server = connect(Deno.env.get("SUPABASE_DB_URL") ?? "");
console.log(
  `credit maintenance, one run: 4 of 5 owners are users who carry a plan's allowance over, the others
organisations that carry a batch over and are granted the next; a batch of each expires\n`,
);
console.log(
  row([
    "owners",
    "statements",
    "all parts",
    "rollover",
    "subscribers",
    "loop",
    "ratio",
  ]),
);
for (const owners of SIZES) await measure(owners);
console.log(`
statements: all that Postgres executes in the run, nested ones too, but its own foreign key checks
loop: one process_credit_rollover a subscriber over one connection, ${SAMPLE} timed, scaled to all
ratio: loop to rollover; both carry the same allowances over, the run those of organisations as well`);
await server.end();

/** Prints the row of so many owners. */
async function measure(owners: number): Promise<void> {
  const name = `bench_${crypto.randomUUID().replaceAll("-", "")}`;
  await server.unsafe(`create database ${name}`);
  try {
    const url = new URL(Deno.env.get("SUPABASE_DB_URL") ?? "");
    url.pathname = `/${name}`;
    await (await openDatabase({ db: url.href, seed: false })).close();
    await measureOn(url.href, owners);
  } finally {
    await server.unsafe(`drop database ${name} with (force)`);
  }
}

async function measureOn(url: string, owners: number): Promise<void> {
  let statements = 0;
  const sql = connect(url, ({ message }) => {
    const ofForeignKey = /^\s*SELECT 1 FROM ONLY /m.test(
      message?.split("Query Text:")[1] ?? "SELECT 1 FROM ONLY ",
    );
    if (!ofForeignKey) statements++;
  });
  await fill(sql, owners);
  const subscribers = await sql<
    { id: string }[]
  >`select id from public.profiles`;

  const loop = await timed(sql, async (session) => {
    for (const { id } of subscribers.slice(0, SAMPLE)) {
      const [rolled] = await session`
        select batches_rolled from public.process_credit_rollover('user', ${id}::uuid)`;
      if (rolled?.batches_rolled !== 1) throw new Error("nothing was rolled");
    }
  });
  const rollover = await timed(sql, run(["rollover"]));
  const all = await timed(sql, run());
  await sql.unsafe(
    `load 'auto_explain'; set auto_explain.log_min_duration = 0;
     set auto_explain.log_nested_statements = on; set auto_explain.log_level = notice`,
  ).simple();
  statements = 0;
  await timed(sql, run());
  await sql.end();

  const scaled = loop * subscribers.length /
    Math.min(SAMPLE, subscribers.length);
  console.log(
    row([
      String(owners),
      String(statements),
      seconds(all),
      seconds(rollover),
      String(subscribers.length),
      seconds(scaled),
      `${(scaled / rollover).toFixed(1)}x`,
    ]),
  );
}

/** Owners with something for each part to do. */
async function fill(sql: postgres.Sql, owners: number): Promise<void> {
  const organizations = Math.floor(owners / 5);
  await sql.unsafe(`
    insert into auth.users (id, email)
      select gen_random_uuid(), 'user' || i || '@example.com'
      from generate_series(1, ${owners - organizations}) i;
    update public.profiles set created_at = '2020-01-01',
      plan_id = (select id from public.plans where key = 'free');
    insert into public.credit_consumption_log (user_id, quantity, source_type, consumed_at)
      select id, 15, 'plan', '2031-03-05' from public.profiles;
    insert into public.credit_batches
        (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
      select 'user', id, 10, 4, '2031-01-01', '2031-03-31', 'purchase' from public.profiles;

    insert into public.organizations (name, slug)
      select 'Org', 'org-' || i from generate_series(1, ${organizations}) i;
    with tier as (
      insert into public.org_platform_tiers (name, slug, credit_allowance)
      values ('Team', 'team', 100) returning id
    )
    insert into public.org_platform_subscriptions (organization_id, tier_id)
      select o.id, tier.id from public.organizations o cross join tier;
    insert into public.credit_batches
        (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
      select 'org', id, 100, 60, '2031-03-01', '2031-04-01', 'subscription' from public.organizations;
  `).simple();
  await sql`vacuum analyze`;
}

/** One run of these parts; of all without them. */
function run(parts: string[] | null = null) {
  return async (sql: postgres.ISql) => {
    const [answer] = await sql<{ outcome: string; error: string }[]>`
      select outcome, error from public.run_credit_maintenance(
        coalesce(${parts}::text[], array['grant', 'rollover', 'expire', 'cleanup', 'stats']), ${NOW}
      )`;
    if (answer?.outcome !== "ok") throw new Error(answer?.error);
  };
}

/** Milliseconds that `work` takes, in a transaction that is undone, so that each finds the same rows. */
async function timed(
  sql: postgres.Sql,
  work: (session: postgres.ISql) => Promise<void>,
): Promise<number> {
  await sql`begin`;
  const started = performance.now();
  await work(sql);
  const elapsed = performance.now() - started;
  await sql`rollback`;
  await sql`vacuum analyze`;
  return elapsed;
}

function connect(
  url: string,
  onnotice: (notice: postgres.Notice) => void = () => {},
): postgres.Sql {
  return postgres(url, { max: 1, onnotice });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function row(cells: string[]): string {
  return cells.map((cell) => cell.padStart(12)).join("");
}

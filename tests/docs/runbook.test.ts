import { assertEquals } from "@std/assert";
import { jobsInText } from "../../drift/live/jobs.ts";

const read = (path: string): string =>
  Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));

const runbook = read("docs/runbook.md");

/** What a section of the runbook says, up to the next one. */
function section(heading: string): string {
  const [, text = ""] = runbook.split(`\n## ${heading}\n`);
  return text.split("\n## ")[0] ?? "";
}

Deno.test("the runbook ticks the events of Stripe's that have an effect, and no other", () => {
  const [, list = ""] =
    /is_stripe_type_handled\(p_type text\)[^;]*?in \(([^)]*)\)/
      .exec(read("supabase/schemas/50_stripe/is_stripe_type_handled.sql")) ??
      [];
  const handled = Array.from(
    list.matchAll(/'([a-z_.]+)'/g),
    ([, type]) => type,
  );

  const ticked = section("Stripe").split("\n- ").slice(1).flatMap((item) => {
    const [line = ""] = item.split("\n\n");
    let object = "";
    return Array.from(line.matchAll(/`([a-z_.]+)`/g), ([, name = ""]) => {
      if (!name.startsWith(".")) object = name.slice(0, name.lastIndexOf("."));
      return name.startsWith(".") ? object + name : name;
    });
  });
  assertEquals(ticked.sort(), handled.sort());
});

Deno.test("the runbook lists every cron job, and when it runs", () => {
  const scheduled = jobsInText([{
    sql: read("supabase/schemas/90_operations/wanted_cron_jobs.sql"),
  }]).map(({ name, definition }) => ({
    job: name,
    schedule: definition.split(" ").slice(0, 5).join(" "),
  }));
  const rows = section("Restoring cron").split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .map(([job = "", when = ""]) => ({
      job: job.replaceAll("`", ""),
      schedule: cronOf(when),
    }));
  assertEquals(sorted(rows), sorted(scheduled));
});

/** `every minute`, `every 15 minutes` or `00:10`, as pg_cron writes it. */
function cronOf(when: string): string {
  const [, minutes] = /^every (?:(\d+) )?minutes?$/.exec(when) ?? [];
  if (minutes) return `*/${minutes} * * * *`;
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(when) ?? [];
  return hour ? `${Number(minute)} ${Number(hour)} * * *` : "* * * * *";
}

function sorted<Row extends { job: string }>(rows: Row[]): Row[] {
  return rows.toSorted((a, b) => a.job.localeCompare(b.job));
}

Deno.test("the runbook has a section for every check of operations_health", () => {
  const checks = Array.from(
    read("supabase/schemas/90_operations/operations_health.sql")
      .matchAll(/when '([a-z_]+)' then v_check :=/g),
    ([, check]) => check,
  );
  const sections = Array.from(
    section("What each alarm means").matchAll(/^### ([a-z_]+)$/gm),
    ([, check]) => check,
  );
  assertEquals(sections.sort(), checks.sort());
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createClient } from "@supabase/supabase-js";
import { fileURLToPath } from "node:url";
import { type Run, runDeno } from "../support/run_deno.ts";
import { FUNCTIONS } from "../../supabase/functions/_shared/access.ts";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import { VERSION } from "../../supabase/functions/_shared/version.ts";
import { bundle } from "../../tasks/bundle/build.ts";
import { must } from "../support/rows.ts";
import {
  asItIs,
  entrypointOf,
  healthyProject,
  isFunction,
} from "./healthy_project.ts";

const MAIN = fileURLToPath(new URL("../../tasks/doctor.ts", import.meta.url));

/** Runs the doctor with nothing in its environment but what is given. */
function doctor(
  args: string[],
  env: Record<string, string> = {},
): Promise<Run> {
  return runDeno(["run", "--allow-all", "--quiet", MAIN, ...args], {
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: Deno.env.get("HOME") ?? "",
      ...env,
    },
  });
}

Deno.test("the doctor tells what is wrong with a project", async (t) => {
  await using project = await healthyProject();
  const { SUPABASE_URL: url, SUPABASE_SECRET_KEY: key } = project.environment;
  const db = createClient<Database>(url, key, {
    auth: { persistSession: false },
  });
  const examine = async (...args: string[]) => {
    const { code, stdout, stderr } = await doctor(["--json", ...args], {
      SUPABASE_URL: url,
      SUPABASE_SECRET_KEY: key,
    });
    assertEquals(stderr, "");
    assert(!stdout.includes(key));
    const { findings }: { findings: Record<string, string>[] } = JSON.parse(
      stdout,
    );
    return {
      code,
      findings,
      wrong: findings.filter(({ status }) =>
        status === "amber" || status === "red"
      ).map(({ name, status }) => `${name} ${status}`),
      detail: (wanted: string) =>
        findings.find(({ name }) => name === wanted)?.detail ?? "",
    };
  };

  await t.step("what never ran is amber, and 1", async () => {
    const { code, wrong } = await examine();
    assertEquals([code, wrong], [1, [
      "credit_maintenance amber",
      "credit_ledger amber",
      "profiles amber",
      "addresses amber",
    ]]);
  });

  await t.step("a healthy project is green, and 0", async () => {
    const run = await db.rpc("run_credit_maintenance", { p_trigger: "test" });
    const audit = await db.rpc("record_operations_audits");
    assertEquals([run.error, audit.error, audit.data], [null, null, 0]);
    const { code, stdout } = await doctor(["--url", `${url}/`, "--key", key]);
    const table = stdout.split("\n");
    assertEquals(code, 0, stdout);
    assertEquals(
      table.filter((line) => /^ {2}green +[a-z]+(-[a-z]+)+ /.test(line))
        .length,
      Object.keys(FUNCTIONS).length,
    );
    assertStringIncludes(
      stdout,
      `${VERSION}; refuses no credential, a made-up`,
    );
    assertEquals(table.at(-2), "green, schema not checked: 30 green");
    assert(!stdout.includes(key) && !stdout.includes("\x1b"));
  });

  await t.step("it changes nothing and spends nothing", async () => {
    const before = await everything();
    assertEquals((await examine()).code, 0);
    assertEquals(await everything(), before);
  });

  await t.step(
    "a red row is 2, an amber one 1, and each says where to read on",
    async () => {
      const due = new Date(Date.now() - 20 * 60_000).toISOString();
      const mail = must(
        await db.from("email_queue").insert({
          recipient_email: "person@example.com",
          template_key: "none",
          scheduled_for: due,
        }).select("id").single(),
      );
      const late = await examine();
      assertEquals([late.code, late.wrong], [2, ["email_queue red"]]);
      assertStringIncludes(
        late.detail("email_queue"),
        "runbook.md#email_queue",
      );
      must(await db.rpc("claim_emails"));
      const dead = await examine();
      assertEquals([dead.code, dead.wrong], [1, ["email_queue amber"]]);
      must(
        await db.from("email_queue").delete().eq("id", mail.id).select("id"),
      );
      assertEquals((await examine()).code, 0);
    },
  );

  await t.step(
    "a key that is none, and one that is not the secret one, are red",
    async () => {
      for (
        const wrongKey of [
          "sb_secret_wrong",
          project.environment.SUPABASE_PUBLISHABLE_KEY,
        ]
      ) {
        const { code, wrong, detail } = await examine("--key", wrongKey);
        assertEquals([code, wrong], [2, [
          "credit-maintenance red",
          "operations_health red",
        ]]);
        assertStringIncludes(detail("operations_health"), "not a secret key");
      }
    },
  );

  await t.step(
    "a function that is gone, does not start, lets somebody in or lacks a setting is red, one of another version amber",
    async () => {
      const broken = {
        "calcom-webhook": `Deno.env.delete("CALCOM_WEBHOOK_SECRET"); ${
          asItIs("calcom-webhook")
        }`,
        "calendar-feed": changed(
          "calendar-feed",
          "headers.set('X-Version', '0.9.0');",
        ),
        "credit-maintenance": changed(
          "credit-maintenance",
          "if (status === 401) status = 200;",
        ),
        "delete-user": undefined,
        "generate-calendar-url": changed(
          "generate-calendar-url",
          "headers.delete('Access-Control-Allow-Origin');",
        ),
        "send-org-invite": "throw new Error('on loading');",
      } as const;
      for (const [name, code] of Object.entries(broken)) {
        if (isFunction(name)) await project.serve(name, code);
      }
      const { code, wrong, detail } = await examine();
      assertEquals([code, wrong], [2, [
        "calcom-webhook red",
        "calendar-feed amber",
        "credit-maintenance red",
        "delete-user red",
        "generate-calendar-url red",
        "send-org-invite red",
      ]]);
      assertStringIncludes(detail("calcom-webhook"), "A setting is missing");
      assertStringIncludes(detail("calendar-feed"), "Its version is 0.9.0");
      assertEquals(
        detail("credit-maintenance"),
        "With no credential it answers 200 unauthorized instead of 401 unauthorized.",
      );
      assertEquals(detail("delete-user"), "It is not deployed.");
      assertStringIncludes(detail("generate-calendar-url"), "CORS");
      assertStringIncludes(detail("send-org-invite"), "503 BOOT_ERROR");

      for (const name of Object.keys(broken)) {
        if (isFunction(name)) await project.serve(name, asItIs(name));
      }
      assertEquals((await examine()).code, 0);
    },
  );

  await t.step(
    "a bundle of this checkout is green by its digest, and another one amber",
    async () => {
      const [made] = await bundle([{
        name: "calendar-feed",
        entrypoint: fileURLToPath(entrypointOf("calendar-feed")),
      }]);
      const code = new TextDecoder().decode(made?.code);
      await project.serve("calendar-feed", code);
      const same = await examine();
      assertEquals([same.code, same.wrong], [0, []]);
      assertStringIncludes(same.detail("calendar-feed"), `; ${made?.digest}.`);

      const other = `sha256:${"f".repeat(16)}`;
      await project.serve(
        "calendar-feed",
        code.replaceAll(made?.digest ?? "none", other),
      );
      const { code: exit, wrong, detail } = await examine();
      assertEquals([exit, wrong], [1, ["calendar-feed amber"]]);
      assertEquals(
        detail("calendar-feed"),
        `Its bundle is ${other}, this checkout's ${made?.digest}: deploy it.`,
      );
      await project.serve("calendar-feed", asItIs("calendar-feed"));
      assertEquals((await examine()).code, 0);
    },
  );

  /** What a call that was let in would have left behind. */
  async function everything() {
    const tables = [
      "maintenance_runs",
      "stripe_events",
      "calcom_webhook_logs",
      "email_queue",
      "email_change_requests",
      "admin_audit_logs",
      "notifications",
      "profiles",
      "generated_prompts",
    ] as const;
    return await Promise.all(tables.map(async (table) => {
      const { count, error } = await db.from(table).select("*", {
        count: "exact",
        head: true,
      });
      return [table, count, error?.message];
    }));
  }
});

/** The code of a function whose answers are not what they were. */
function changed(name: keyof typeof FUNCTIONS, change: string): string {
  return `import own from "${entrypointOf(name)}";
    export default { async fetch(request) {
      const answer = await own.fetch(request);
      const headers = new Headers(answer.headers);
      let { status } = answer;
      ${change}
      return new Response(answer.body, { status, headers });
    } };`;
}

Deno.test("where nothing listens all is red, and no secret is printed", async () => {
  const { code, stdout, stderr } = await doctor([
    "--url",
    "http://127.0.0.1:1",
    "--db",
    "postgresql://somebody:marked-password@127.0.0.1:1/postgres",
  ], {
    SUPABASE_SECRET_KEY: "sb_secret_marked",
  });
  assertEquals([code, stderr], [2, ""]);
  assertStringIncludes(stdout, `red: ${Object.keys(FUNCTIONS).length + 2} red`);
  assert(!stdout.includes("marked"), stdout);
});

Deno.test("a doctor that cannot run says why, and 3", async () => {
  for (
    const [args, reason] of [
      [[], "--url is missing"],
      [["--url", "https://ref.supabase.co"], "--key is missing"],
      [["--url", "ref.supabase.co", "--key", "k"], "--url is no address"],
      [["--url", "https://x", "--key", "two\nlines"], "--key is no key"],
      [["--frobnicate"], "--help lists the options"],
      [
        ["--url", "https://x", "--key", "k", "--known", "/none.json"],
        "--known: /none.json is not there",
      ],
    ] as const
  ) {
    const { code, stdout, stderr } = await doctor([...args]);
    assertEquals([code, stdout], [3, ""]);
    assertStringIncludes(stderr, reason);
  }
  const help = await doctor(["--help"]);
  assertEquals(help.code, 0);
  assertStringIncludes(help.stdout, "Exit code: 0 all is green, 1 ");
});

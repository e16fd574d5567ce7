import { assert, assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import { givenCohort, givenProgram, must, unique } from "../support/rows.ts";
import { anonClient, type Client, secretClient } from "../support/stack.ts";

const CALLERS = [
  "anon",
  "stranger",
  "owner",
  "manager",
  "admin",
  "service",
] as const;
type Caller = typeof CALLERS[number];

/** Who gets past the rights of a function; everybody else is refused by the database itself. */
interface Right {
  name: string;
  call: (client: Client, owner: Person, org: string) => PromiseLike<Answer>;
  may: readonly Caller[];
}

interface Answer {
  data: unknown;
  error: { code: string; message: string } | null;
}

const SERVICE = ["service"] as const;
const SIGNED_IN = ["stranger", "owner", "manager", "admin", "service"] as const;
const soon = new Date(Date.now() + 86_400_000).toISOString();
const nobody = crypto.randomUUID();

const RIGHTS: Right[] = [
  {
    name: "grant_credit_batch",
    call: (client, owner) =>
      client.rpc("grant_credit_batch", {
        p_owner_type: "user",
        p_owner_id: owner.id,
        p_amount: 1,
        p_expires_at: soon,
        p_source_type: "grant",
      }),
    may: ["admin", "service"],
  },
  {
    name: "refund_credits",
    call: (client) => client.rpc("refund_credits", { p_spend_id: nobody }),
    may: SERVICE,
  },
  {
    name: "expire_credit_batches",
    call: (client) =>
      client.rpc("expire_credit_batches", { p_now: "2000-01-01T00:00:00Z" }),
    may: SERVICE,
  },
  {
    name: "process_credit_rollover",
    call: (client) =>
      client.rpc("process_credit_rollover", {
        p_owner_type: "org",
        p_owner_id: nobody,
      }),
    may: SERVICE,
  },
  {
    name: "run_credit_maintenance",
    call: (client) =>
      client.rpc("run_credit_maintenance", { p_actions: ["stats"] }),
    may: SERVICE,
  },
  {
    name: "check_credit_ledger",
    call: (client) => client.rpc("check_credit_ledger"),
    may: SERVICE,
  },
  {
    name: "consume_credits_fifo, a user's",
    call: (client, owner) =>
      refusalAsError(client.rpc("consume_credits_fifo", {
        p_owner_id: owner.id,
        p_amount: 1,
      })),
    may: ["owner", "service"],
  },
  {
    name: "consume_credits_fifo, an organisation's",
    call: (client, _, org) =>
      refusalAsError(client.rpc("consume_credits_fifo", {
        p_owner_type: "org",
        p_owner_id: org,
        p_amount: 1,
      })),
    may: ["manager", "service"],
  },
  {
    name: "get_user_credit_summary_v2",
    call: (client, owner) =>
      client.rpc("get_user_credit_summary_v2", { p_user_id: owner.id }),
    may: ["owner", "admin", "service"],
  },
  {
    name: "get_org_credit_summary_v2",
    call: (client, _, org) =>
      client.rpc("get_org_credit_summary_v2", { p_org_id: org }),
    may: ["manager", "admin", "service"],
  },
  {
    name: "enroll_with_credits, for the owner",
    call: async (client, owner) =>
      refusalAsError(client.rpc("enroll_with_credits", {
        p_client_user_id: owner.id,
        p_program_id: (await givenProgram()).id,
      })),
    may: ["owner", "admin", "service"],
  },
  {
    name: "join_cohort_waitlist",
    call: (client) =>
      client.rpc("join_cohort_waitlist", { p_cohort_id: nobody }),
    may: ["stranger", "owner", "manager", "admin"],
  },
  {
    name: "check_cohort_capacity",
    call: async (client) =>
      client.rpc("check_cohort_capacity", {
        p_cohort_id: (await givenCohort()).id,
      }),
    may: SIGNED_IN,
  },
  {
    name: "check_program_capacity",
    call: async (client) =>
      client.rpc("check_program_capacity", {
        p_program_id: (await givenProgram()).id,
      }),
    may: SIGNED_IN,
  },
];

Deno.test("every credit function is open to those it is for, and to nobody else", async () => {
  const { clients, owner, org } = await givenCallers();
  const actual = new Map<string, Caller[]>();
  for (const { name, call } of RIGHTS) {
    const may: Caller[] = [];
    for (const caller of CALLERS) {
      const { error } = await call(clients[caller], owner, org);
      if (error === null) may.push(caller);
      else assertEquals(error.code, "42501", `${name} as ${caller}`);
    }
    actual.set(name, may);
  }
  assertEquals(
    actual,
    new Map(RIGHTS.map(({ name, may }) => [name, [...may]])),
  );
});

Deno.test("nobody writes the books through the Data API", async () => {
  const { clients, owner } = await givenCallers();
  const writes: Record<string, (client: Client) => PromiseLike<Answer>> = {
    credit_ledger: (client) =>
      client.from("credit_ledger").insert({
        batch_id: nobody,
        owner_type: "user",
        owner_id: owner.id,
        entry_type: "grant",
        amount: 1,
        balance_after: 1,
        cause: "mine",
        idempotency_key: unique("key"),
      }),
    credit_spends: (client) =>
      client.from("credit_spends").insert({
        owner_type: "user",
        owner_id: owner.id,
        amount: 1,
      }),
    maintenance_runs: (client) =>
      client.from("maintenance_runs").insert({
        trigger: "mine",
        actions: [],
        as_of: soon,
        started_at: soon,
        finished_at: soon,
      }),
  };
  for (const [table, write] of Object.entries(writes)) {
    for (const caller of CALLERS) {
      const { error } = await write(clients[caller]);
      assertEquals(error?.code, "42501", `${table} as ${caller}`);
    }
  }
  const cohort = await givenCohort();
  for (const caller of ["anon", "stranger", "owner", "admin"] as const) {
    // drift-ignore not-granted: the refusal is what is tested
    const logged = await clients[caller].from("credit_consumption_log").insert({
      user_id: owner.id,
      quantity: -100,
      source_type: "plan",
    });
    assertEquals(logged.error?.code, "42501", caller);
    // drift-ignore not-granted: the refusal is what is tested
    const waiting = await clients[caller].from("cohort_waitlist").insert({
      user_id: owner.id,
      cohort_id: cohort.id,
      position: 1,
    });
    assertEquals(waiting.error?.code, "42501", caller);
  }
});

Deno.test("a ledger and its spends are read by their owner, its managers and admins", async () => {
  const { clients, owner, org } = await givenCallers();
  const read = async (caller: Caller, id: string) => {
    const { data, error } = await clients[caller].from("credit_ledger")
      .select("id").eq("owner_id", id);
    return error === null && data.length > 0;
  };
  for (
    const [id, readers] of [
      [owner.id, ["owner", "admin", "service"]],
      [org, ["manager", "admin", "service"]],
    ] as const
  ) {
    const actual = [];
    for (const caller of CALLERS) {
      if (await read(caller, id)) actual.push(caller);
    }
    assertEquals(actual, [...readers]);
  }
});

/** One of each, with ten credits for the owner and for the organisation of the manager. */
async function givenCallers() {
  const [stranger, owner, manager, admin] = await Promise.all([
    createPerson(),
    createPerson(),
    createPerson(),
    createPerson({ role: "admin" }),
  ]);
  const service = secretClient();
  const { id: org } = must(
    await service.from("organizations").insert({
      name: "Acme",
      slug: unique("acme"),
    }).select("id").single(),
  );
  must(
    await service.from("organization_members").insert({
      organization_id: org,
      user_id: manager.id,
      role: "org_manager",
    }).select(),
  );
  for (const [p_owner_type, p_owner_id] of [["user", owner.id], ["org", org]]) {
    assert(p_owner_type && p_owner_id);
    must(
      await service.rpc("grant_credit_batch", {
        p_owner_type: p_owner_type ?? "",
        p_owner_id: p_owner_id ?? "",
        p_amount: 10,
        p_expires_at: soon,
        p_source_type: "grant",
      }),
    );
  }
  const clients: Record<Caller, Client> = {
    anon: anonClient(),
    stranger: stranger.client,
    owner: owner.client,
    manager: manager.client,
    admin: admin.client,
    service,
  };
  return { clients, owner, org };
}

/** A refusal for want of the right is a value: read here as the database's own refusal would be. */
async function refusalAsError(
  answer: PromiseLike<
    { data: { code: string | null } | null; error: Answer["error"] }
  >,
): Promise<Answer> {
  const { data, error } = await answer;
  return data?.code === "not_allowed"
    ? { data: null, error: { code: "42501", message: "not_allowed" } }
    : { data, error };
}

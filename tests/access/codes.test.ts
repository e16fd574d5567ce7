import { assert, assertEquals } from "@std/assert";
import { createPerson, type Person } from "../support/people.ts";
import {
  givenEnrolment,
  givenProgram,
  givenProgramCoach,
  must,
  only,
  type Program,
  unique,
} from "../support/rows.ts";
import { onFreshDatabase, sqlTest, value } from "../support/sql.ts";
import { anonClient, type Client, secretClient } from "../support/stack.ts";

const db = secretClient();
const REFUSED = ["42501", 403];
const TABLES = ["enrollment_codes", "discount_codes", "partner_codes"] as const;
const WRONG = { valid: false, error: "This code is not valid" };

interface Codes {
  program: Program;
  partner: Person;
  enrollment: string;
  discount: string;
  partnerCode: string;
}

async function givenCodes(
  values: { is_active?: boolean; expires_at?: string } = {},
): Promise<Codes> {
  const program = await givenProgram({ credit_cost: 80 });
  const partner = await createPerson({ role: "coach" });
  const [enrollment, discount, partnerCode] = [
    unique("ENR"),
    unique("DSC"),
    unique("PRT"),
  ];
  must(
    await db.from("enrollment_codes").insert({
      code: enrollment,
      program_id: program.id,
      code_type: "multi_use",
      is_free: true,
      created_by: partner.id,
      ...values,
    }).select(),
  );
  must(
    await db.from("discount_codes").insert({
      code: discount,
      discount_type: "percent",
      discount_value: 25,
      ...values,
    }).select(),
  );
  must(
    await db.from("partner_codes").insert({
      code: partnerCode,
      partner_id: partner.id,
      program_id: program.id,
      is_free: true,
      ...values,
    }).select(),
  );
  return { program, partner, enrollment, discount, partnerCode };
}

const discountOf = async (client: Client, args: Record<string, string>) =>
  must(
    await client.rpc("validate_discount_code", { p_code: "", ...args }),
  )[0];

Deno.test("nobody but an admin lists codes or writes them, and a partner sees the own", async () => {
  const codes = await givenCodes();
  const [user, admin] = [
    await createPerson({ role: "client" }),
    await createPerson({ role: "admin" }),
  ];
  for (const table of TABLES) {
    const seenBy = async ({ client }: { client: Client }) =>
      must(await client.from(table).select("code")).length;
    assertEquals(await seenBy(user), 0, table);
    assertEquals(
      await seenBy(codes.partner),
      table === "partner_codes" ? 1 : 0,
      table,
    );
    assert(await seenBy(admin) > 0, table);
    const visitor = await anonClient().from(table).select("code");
    assertEquals([visitor.error?.code, visitor.status], ["42501", 401]);
  }
  // the former page raised the counter itself, of any code
  const counter = await user.client.from("partner_codes")
    // drift-ignore not-granted: the refusal is what is tested
    .update({ current_uses: 0 }).eq("code", codes.partnerCode);
  assertEquals([counter.error?.code, counter.status], REFUSED);
  const own = await codes.partner.client.from("partner_codes")
    .update({ max_uses: 1000 }).eq("code", codes.partnerCode).select();
  assertEquals(must(own), []);
});

Deno.test("uses and referrals are nobody's to write", async () => {
  const { program, partner } = await givenCodes();
  const user = await createPerson({ role: "client" });
  const enrollment = await givenEnrolment({ client: user, program });
  const code = must(
    await db.from("partner_codes").select("id").eq("partner_id", partner.id)
      .single(),
  );
  const admin = await createPerson({ role: "admin" });
  for (const { client, id } of [user, partner, admin]) {
    // drift-ignore not-granted: the refusal is what is tested
    const referral = await client.from("partner_referrals").insert({
      partner_code_id: code.id,
      partner_id: partner.id,
      referred_user_id: id,
      enrollment_id: enrollment.id,
    });
    assertEquals([referral.error?.code, referral.status], REFUSED);
    // drift-ignore not-granted: the refusal is what is tested
    const use = await client.from("discount_code_uses").insert({
      discount_code_id: crypto.randomUUID(),
      user_id: id,
      enrollment_id: enrollment.id,
    });
    assertEquals([use.error?.code, use.status], REFUSED);
  }
});

Deno.test("a client enrolls at the database's price and in no other way", async () => {
  const program = await givenProgram({ credit_cost: 80 });
  const user = await createPerson({ role: "client" });
  for (
    // drift-ignore not-granted: the refusal is what is tested
    const more of [{}, { final_credit_cost: 0 }, { payment_status: "paid" }]
  ) {
    const { error, status } = await user.client.from("client_enrollments")
      .insert({ client_user_id: user.id, program_id: program.id, ...more });
    assertEquals([error?.code, status], REFUSED);
  }
  const own = await givenEnrolment({ client: user, program });
  for (
    const values of [
      // drift-ignore not-granted: the refusal is what is tested
      { final_credit_cost: 0 },
      // drift-ignore not-granted: the refusal is what is tested
      { discount_percent: 100 },
      // drift-ignore not-granted: the refusal is what is tested
      { referred_by: user.id },
      // drift-ignore not-granted: the refusal is what is tested
      { payment_status: "paid" },
      { tier: "Premium" },
      { status: "completed" as const },
      { end_date: "2031-01-01" },
    ]
  ) {
    const { error, status } = await user.client.from("client_enrollments")
      .update(values).eq("id", own.id);
    assertEquals([error?.code, status], REFUSED, JSON.stringify(values));
  }
  must(
    await user.client.from("client_enrollments").update({ is_public: true })
      .eq("id", own.id).select().single(),
  );
});

Deno.test("a page learns what a code is for, signed in or not", async () => {
  const codes = await givenCodes();
  const user = await createPerson({ role: "client" });
  for (const client of [anonClient(), user.client]) {
    const enrollment = must(
      await client.rpc("validate_enrollment_code", {
        p_code: codes.enrollment.toLowerCase(),
      }),
    );
    const { id, name, slug } = codes.program;
    assertEquals(pick(enrollment, ["valid", "program_name", "is_free"]), {
      valid: true,
      program_name: name,
      is_free: true,
    });
    const partner = must(
      await client.rpc("validate_partner_code", { p_code: codes.partnerCode }),
    );
    assertEquals(
      pick(partner, ["valid", "program_id", "program_slug", "partner_id"]),
      {
        valid: true,
        program_id: id,
        program_slug: slug,
        partner_id: codes.partner.id,
      },
    );
  }
  assertEquals(
    pick(
      await discountOf(user.client, {
        p_code: codes.discount,
        p_program_id: codes.program.id,
        p_tier_name: "Essentials",
        p_user_id: user.id,
      }),
      ["is_valid", "discount_type", "discount_value", "error_message"],
    ),
    {
      is_valid: true,
      discount_type: "percentage",
      discount_value: 25,
      error_message: null,
    },
  );
});

Deno.test("unknown, inactive and expired codes, and somebody else's, have one answer", async () => {
  const [off, past, good] = [
    await givenCodes({ is_active: false }),
    await givenCodes({ expires_at: "2020-01-01T00:00:00Z" }),
    await givenCodes(),
  ];
  const user = await createPerson({ role: "client" });
  const { client } = user;
  for (const { enrollment } of [off, past]) {
    const answer = await client.rpc("validate_enrollment_code", {
      p_code: enrollment,
    });
    assertEquals(must(answer), WRONG);
  }
  const unknown = await client.rpc("validate_partner_code", { p_code: "NONE" });
  assertEquals(must(unknown), WRONG);
  const partner = await client.rpc("validate_partner_code", {
    p_code: off.partnerCode,
  });
  assertEquals(must(partner), WRONG);
  for (
    const [p_code, p_user_id] of [
      [past.discount, user.id],
      ["NONE", user.id],
      [good.discount, good.partner.id],
    ] as const
  ) {
    const answer = await discountOf(client, { p_code, p_user_id });
    assertEquals([answer?.is_valid, answer?.error_message], [
      false,
      WRONG.error,
    ]);
  }
});

Deno.test("a code that is over tells nothing of its tier", async () => {
  const { program } = await givenCodes();
  const code = unique("OVER");
  must(
    await db.from("enrollment_codes").insert({
      code,
      program_id: program.id,
      code_type: "single_use",
      grants_tier: "Nowhere",
      is_active: false,
      created_by: (await createPerson()).id,
    }).select(),
  );
  const user = await createPerson({ role: "client" });
  for (const tried of [code, unique("NONE")]) {
    const { success, code: refusal } = must(
      await user.client.rpc("enroll_with_credits", {
        p_client_user_id: user.id,
        p_program_id: program.id,
        p_enrollment_code: tried,
      }),
    );
    assertEquals([success, refusal], [false, "invalid_code"]);
  }
});

Deno.test("120 wrong codes in a row are stopped, of a user, whatever is asked; right ones cost nothing", async () => {
  const codes = await givenCodes();
  const user = await createPerson({ role: "client" });
  const isRight = async (p_code: string) =>
    pick(must(await user.client.rpc("validate_enrollment_code", { p_code })), [
      "valid",
    ]).valid;
  for (let n = 0; n < 25; n++) assert(await isRight(codes.enrollment));
  const errors = new Set<unknown>();
  for (let n = 0; n < 40; n++) {
    const p_code = unique("GUESS");
    const { data } = await [
      () => user.client.rpc("validate_enrollment_code", { p_code }),
      () => user.client.rpc("validate_partner_code", { p_code }),
      () =>
        user.client.rpc("enroll_with_credits", {
          p_client_user_id: user.id,
          p_program_id: codes.program.id,
          p_discount_code: p_code,
        }),
    ][n % 3]!();
    errors.add(pick(data, ["error"]).error);
  }
  assert(errors.has("Too many codes were tried. Try again later."));
  assertEquals(await isRight(codes.enrollment), false);
  const enrolled = must(
    await user.client.rpc("enroll_with_credits", {
      p_client_user_id: user.id,
      p_program_id: codes.program.id,
      p_enrollment_code: codes.enrollment,
    }),
  );
  assertEquals([enrolled.success, enrolled.code], [false, "too_many_codes"]);
  // others go on
  const other = await createPerson();
  const answer = await other.client.rpc("validate_enrollment_code", {
    p_code: codes.enrollment,
  });
  assertEquals(pick(must(answer), ["valid"]), { valid: true });
});

sqlTest(
  "visitors share a budget, and those who try one beginning a smaller one; a user's is apart",
  async (sql) => {
    const guess = async (code: string) =>
      String(
        await value(
          sql,
          "select private.validate_partner_code($1) ->> 'error'",
          [code],
        ),
      );
    await sql.script(
      `select set_config('request.jwt.claims', '{"role":"anon"}', true)`,
    );
    const alike: string[] = [];
    for (let n = 0; n < 21; n++) alike.push(await guess(`PRTABC${n}`));
    assertEquals(new Set(alike.slice(0, 20)), new Set([WRONG.error]));
    assertEquals(alike[20], "Too many codes were tried. Try again later.");
    assertEquals(await guess("OTHER1"), WRONG.error);
    const many: string[] = [];
    for (let n = 0; n < 60; n++) {
      many.push(await guess(`${n}${n}${n}${n}${n}${n}`));
    }
    assertEquals(many.at(-1), "Too many codes were tried. Try again later.");
    await sql.script(
      `select set_config('request.jwt.claims', '{"role":"authenticated","sub":"${crypto.randomUUID()}"}', true)`,
    );
    assertEquals(await guess("OTHER2"), WRONG.error);
  },
);

Deno.test("a caller who undoes wrong attempts has five, and buys five more with one that counts", () =>
  onFreshDatabase({}, (database) =>
    database.transaction(async (sql) => {
      const { id } = only(
        await sql.query(
          "insert into auth.users (id, email) values (gen_random_uuid(), 'guess@example.com') returning id",
        ),
      );
      await sql.query(
        "insert into public.discount_codes (code, discount_type, discount_value) values ('RIGHT', 'percent', 25)",
      );
      await sql.query(
        "select set_config('request.jwt.claims', json_build_object('sub', $1::text)::text, true)",
        [id],
      );
      const guess = (code: string) =>
        value(
          sql,
          "select coalesce(error_message, 'right') from public.validate_discount_code($1)",
          [code],
        );
      /** As a cast of the answer that fails. */
      const undone = async (code: string) => {
        await sql.script("savepoint attempt");
        const answer = await guess(code);
        await sql.script("rollback to savepoint attempt");
        return answer;
      };
      const limited = "Too many codes were tried. Try again later.";
      const attempts = () =>
        value(sql, "select count(*)::int from private.attempts");

      for (let round = 0; round < 2; round++) {
        for (let n = 0; n < 5; n++) {
          assertEquals(await undone(`GUESS-${n}`), WRONG.error);
        }
        for (const code of ["GUESS", "RIGHT", "RIGHT"]) {
          assertEquals(await undone(code), limited);
        }
        assertEquals(await guess("RIGHT"), limited);
        assertEquals(await attempts(), 1 + round);
      }
      assertEquals(await guess("RIGHT"), "right");
      assertEquals(await attempts(), 2);
    })));

Deno.test("a partner's code gives its price, is counted, and names the partner, who cannot use it, for a client neither", async () => {
  const { program, partner, partnerCode } = await givenCodes();
  const user = await createPerson({ role: "client" });
  const stranger = await createPerson();
  const enroll = async (who: Person) =>
    must(
      await who.client.rpc("enroll_with_credits", {
        p_client_user_id: who.id,
        p_program_id: program.id,
        p_partner_code: partnerCode.toLowerCase(),
        p_referred_by: stranger.id, // a client's word, which is nothing
        p_enrollment_source: "admin",
      }),
    );
  const own = await enroll(partner);
  assertEquals([own.success, own.code], [false, "invalid_code"]);
  must(
    await db.from("client_coaches").insert({
      coach_id: partner.id,
      client_id: user.id,
    }).select(),
  );
  await givenProgramCoach({ program, coach: partner });
  const forClient = must(
    await partner.client.rpc("enroll_with_credits", {
      p_client_user_id: user.id,
      p_program_id: program.id,
      p_partner_code: partnerCode,
    }),
  );
  assertEquals([forClient.success, forClient.code], [false, "invalid_code"]);
  const result = await enroll(user);
  assertEquals([result.success, result.final_credit_cost], [true, 0]);
  const enrollment = must(
    await db.from("client_enrollments")
      .select("referred_by, enrollment_source, discount_percent")
      .eq("id", result.enrollment_id ?? "").single(),
  );
  assertEquals(enrollment, {
    referred_by: partner.id,
    enrollment_source: "self",
    discount_percent: 100,
  });
  const code = must(
    await db.from("partner_codes").select(
      "current_uses, partner_referrals(referred_user_id, enrollment_id, status)",
    ).eq("code", partnerCode).single(),
  );
  assertEquals(code, {
    current_uses: 1,
    partner_referrals: [{
      referred_user_id: user.id,
      enrollment_id: result.enrollment_id,
      status: "attributed",
    }],
  });
});

/** Some fields of what an RPC answers. */
function pick(answer: unknown, names: string[]): Record<string, unknown> {
  const all: Record<string, unknown> = Object(answer);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

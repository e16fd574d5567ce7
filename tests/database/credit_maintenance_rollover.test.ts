import { assertEquals } from "@std/assert";
import { sqlTest as test, value } from "../support/sql.ts";
import {
  batchesOf,
  entriesOf,
  givenBatch,
  givenOrganization,
  givenUser,
  givePlan,
  maintain,
  type Owner,
  rolloversOf,
  spend,
  violations,
} from "./credit_maintenance_owners.ts";

/** Shortly after March has closed. */
const FIRST = "2031-04-01T00:10Z";
const FIFTH = "2031-04-05T00:10Z";

test("a user carries over what is unused of the closed month, at most half of the allowance", async (sql) => {
  const cases: [used: number, carried: number][] = [
    [0, 20],
    [20, 20],
    [21, 19],
    [39, 1],
    [40, 0],
  ];
  const users: [Owner, number][] = [];
  for (const [used, carried] of cases) {
    const user = await givenUser(sql, { allowance: 40 });
    if (used > 0) await spend(sql, user, used, "2031-03-31T23:59:59Z");
    users.push([user, carried]);
  }
  await maintain(sql, FIRST);
  for (const [user, carried] of users) {
    assertEquals(
      await rolloversOf(sql, user),
      carried === 0 ? [] : [[carried, "2031-05-01"]],
    );
  }
  assertEquals(await violations(sql), []);
});

test("what a user spent in another month does not count against the closed one", async (sql) => {
  const user = await givenUser(sql, { allowance: 40 });
  await spend(sql, user, 40, "2031-02-28T23:59:59Z");
  await spend(sql, user, 40, "2031-04-01T00:00:00Z");
  await maintain(sql, FIRST);
  assertEquals(await rolloversOf(sql, user), [[20, "2031-05-01"]]);
});

test("an odd allowance is halved downwards, and an allowance of one carries nothing over", async (sql) => {
  const odd = await givenUser(sql, { allowance: 41 });
  const one = await givenUser(sql, { allowance: 1 });
  const none = await givenUser(sql, { allowance: null });
  await maintain(sql, FIRST);
  assertEquals(await rolloversOf(sql, odd), [[20, "2031-05-01"]]);
  assertEquals(await rolloversOf(sql, one), []);
  assertEquals(await rolloversOf(sql, none), []);
});

test("a plan carries over only if it lasted to the end of the closed month", async (sql) => {
  const cases: [planExpiresAt: string, carried: number][] = [
    ["2031-03-15T00:00Z", 0],
    ["2031-03-31T23:59Z", 0],
    ["2031-04-01T00:00Z", 1],
    ["2031-04-03T00:00Z", 1],
    ["2031-05-01T00:00Z", 1],
  ];
  const users: [Owner, number][] = [];
  for (const [planExpiresAt, carried] of cases) {
    users.push([await givenUser(sql, { planExpiresAt }), carried]);
  }
  await maintain(sql, FIFTH);
  for (const [user, carried] of users) {
    assertEquals((await rolloversOf(sql, user)).length, carried);
  }
});

test("a user carries over of the days since the account was made, and nothing of a month before it", async (sql) => {
  const cases: [createdAt: string, carried: number][] = [
    ["2031-03-01T23:59Z", 20],
    ["2031-03-16T12:00Z", 10],
    ["2031-03-31T23:59Z", 0],
    ["2031-04-01T00:00Z", 0],
  ];
  for (const [createdAt, carried] of cases) {
    const user = await givenUser(sql, { createdAt });
    await maintain(sql, FIFTH);
    await sql.query("delete from public.maintenance_runs");
    assertEquals(
      await rolloversOf(sql, user),
      carried === 0 ? [] : [[carried, "2031-05-01"]],
      createdAt,
    );
  }
});

test("who gets a plan, a larger one or the old one again after the month was closed has nothing more of it", async (sql) => {
  const newcomer = await givenUser(sql, { allowance: null });
  const upgraded = await givenUser(sql, { allowance: 40 });
  await spend(sql, upgraded, 40, "2031-03-10T00:00Z");
  const renewed = await givenUser(sql, { planExpiresAt: "2031-02-15T00:00Z" });
  await maintain(sql, FIRST);

  await givePlan(sql, newcomer, 200);
  await givePlan(sql, upgraded, 200);
  await sql.query(
    "update public.profiles set plan_expires_at = null where id = $1",
    [renewed.id],
  );
  await maintain(sql, "2031-04-11T00:10Z");
  for (const user of [newcomer, upgraded, renewed]) {
    assertEquals(await rolloversOf(sql, user), []);
  }

  await maintain(sql, "2031-05-01T00:10Z");
  assertEquals(await rolloversOf(sql, newcomer), [[100, "2031-06-01"]]);
});

test("an organisation carries over the rest of its lapsed allowance, at most half", async (sql) => {
  const cases: [used: number, carried: number, expired: number][] = [
    [0, 50, 50],
    [50, 50, 0],
    [70, 30, 0],
    [100, 0, 0],
  ];
  const organizations: [Owner, number, number][] = [];
  for (const [used, carried, expired] of cases) {
    const owner = await givenOrganization(sql, { allowance: null });
    await givenBatch(sql, owner, {
      source: "subscription",
      expiresAt: "2031-04-01T00:00Z",
    });
    if (used > 0) await spend(sql, owner, used, "2031-03-10T00:00Z");
    organizations.push([owner, carried, expired]);
  }
  await maintain(sql, FIRST);
  for (const [owner, carried, expired] of organizations) {
    assertEquals(
      await rolloversOf(sql, owner),
      carried === 0 ? [] : [[carried, "2031-05-01"]],
    );
    assertEquals(
      (await batchesOf(sql, owner))[0],
      {
        source: "subscription",
        original: 100,
        remaining: 0,
        expires: "2031-04-01",
        expired: true,
      },
    );
    const lost = (await entriesOf(sql, owner)).filter(([type]) =>
      type === "expiry"
    );
    assertEquals(lost, expired === 0 ? [] : [["expiry", -expired]]);
  }
  assertEquals(await violations(sql), []);
});

test("rollovers, purchases and grants lapse whole: they never roll", async (sql) => {
  for (
    const owner of [await givenUser(sql, { allowance: null }), await org()]
  ) {
    for (const source of ["rollover", "purchase", "grant", "admin_grant"]) {
      await givenBatch(sql, owner, { source, expiresAt: "2031-04-01T00:00Z" });
    }
    await maintain(sql, FIRST);
    assertEquals(
      (await batchesOf(sql, owner)).map(({ remaining, expired }) => [
        remaining,
        expired,
      ]),
      Array(4).fill([0, true]),
    );
  }
  assertEquals(await violations(sql), []);

  function org() {
    return givenOrganization(sql, { allowance: null });
  }
});

test("what was carried over is worth one month more and then lapses", async (sql) => {
  const user = await givenUser(sql, { allowance: 40 });
  const organization = await givenOrganization(sql, { allowance: null });
  await givenBatch(sql, organization, {
    source: "subscription",
    expiresAt: "2031-04-01T00:00Z",
  });
  await maintain(sql, FIRST);
  await sql.query("update public.profiles set plan_id = null where id = $1", [
    user.id,
  ]);
  await maintain(sql, "2031-04-30T00:10Z");
  assertEquals(await left(user), 20);
  assertEquals(await left(organization), 50);
  await maintain(sql, "2031-05-01T00:10Z");
  assertEquals(await left(user), 0);
  assertEquals(await left(organization), 0);
  assertEquals((await entriesOf(sql, user)).at(-1), ["expiry", -20]);
  assertEquals(await violations(sql), []);

  async function left(owner: Owner): Promise<number> {
    return (await batchesOf(sql, owner))
      .reduce((sum, { remaining }) => sum + remaining, 0);
  }
});

test("a run on the 5th carries over what the missed one on the 1st would have", async (sql) => {
  const user = await givenUser(sql, { allowance: 40 });
  const organization = await givenOrganization(sql, { allowance: 100 });
  await maintain(sql, "2031-03-01T00:10Z");
  await spend(sql, organization, 30, "2031-03-10T00:00Z");
  await maintain(sql, FIFTH);
  assertEquals(await rolloversOf(sql, user), [
    [20, "2031-04-01"],
    [20, "2031-05-01"],
  ]);
  assertEquals(await rolloversOf(sql, organization), [[50, "2031-05-01"]]);
});

test("a batch that lapsed a month ago or more is too old to be carried over, and expires", async (sql) => {
  const cases: [expiresAt: string, now: string, carried: number][] = [
    ["2031-04-01T00:00Z", "2031-04-30T23:59Z", 1],
    ["2031-04-01T00:00Z", "2031-05-01T00:00Z", 0],
    // a month on, this would be the 30th of April: gone before the run
    ["2031-03-31T12:00Z", "2031-04-30T23:59Z", 0],
  ];
  for (const [expiresAt, now, carried] of cases) {
    const owner = await givenOrganization(sql, { allowance: null });
    await givenBatch(sql, owner, { source: "subscription", expiresAt });
    await maintain(sql, now);
    assertEquals((await rolloversOf(sql, owner)).length, carried, now);
    assertEquals((await batchesOf(sql, owner))[0]?.remaining, 0);
  }
});

test("an expire-only run leaves alone what still has to be carried over", async (sql) => {
  const owner = await givenOrganization(sql, { allowance: null });
  await givenBatch(sql, owner, {
    source: "subscription",
    expiresAt: "2031-04-01T00:00Z",
  });
  await givenBatch(sql, owner, { expiresAt: "2031-04-01T00:00Z" });
  await maintain(sql, FIRST, ["expire"]);
  assertEquals(
    (await batchesOf(sql, owner)).map(({ source, remaining }) => [
      source,
      remaining,
    ]),
    [["purchase", 0], ["subscription", 100]],
  );
  await value(sql, "select public.expire_credit_batches($1)", [FIRST]);
  assertEquals((await batchesOf(sql, owner))[1]?.remaining, 100);

  await maintain(sql, FIFTH, ["rollover"]);
  assertEquals(await rolloversOf(sql, owner), [[50, "2031-05-01"]]);
  await maintain(sql, FIFTH, ["expire"]);
  assertEquals((await batchesOf(sql, owner))[1]?.remaining, 0);
});

test("the rollover of one owner counts and carries over that owner's credits only", async (sql) => {
  const user = await givenUser(sql, { allowance: 40 });
  const otherUser = await givenUser(sql, { allowance: 40 });
  await spend(sql, user, 25, "2031-03-10T00:00Z");
  await spend(sql, otherUser, 38, "2031-03-10T00:00Z");
  const organization = await givenOrganization(sql, { allowance: null });
  const otherOrganization = await givenOrganization(sql, { allowance: null });
  for (const owner of [organization, otherOrganization]) {
    await givenBatch(sql, owner, {
      source: "subscription",
      expiresAt: "2031-04-01T00:00Z",
    });
  }

  assertEquals(await rollOver(user), [1, 15]);
  assertEquals(await rollOver(user), [0, 0]);
  assertEquals(await rollOver(organization), [1, 50]);
  assertEquals(await rollOver(organization), [0, 0]);
  assertEquals(await rolloversOf(sql, user), [[15, "2031-05-01"]]);
  assertEquals(await rolloversOf(sql, organization), [[50, "2031-05-01"]]);
  assertEquals(await rolloversOf(sql, otherUser), []);
  assertEquals(await rolloversOf(sql, otherOrganization), []);
  assertEquals(await violations(sql), []);

  async function rollOver({ type, id }: Owner) {
    return await value(
      sql,
      `select jsonb_build_array(r.batches_rolled, r.credits_rolled)
       from private.roll_over_credits($1, $2, $3, $3) r`,
      [FIRST, type, id],
    );
  }
});

test("the batches that a run makes are in the order of their owners", async (sql) => {
  const owners: Owner[] = [];
  for (let pair = 1; pair <= 10; pair++) {
    owners.push(await givenUser(sql), await givenOrganization(sql));
  }
  await maintain(sql, "2031-03-01T00:10Z");
  await maintain(sql, FIRST);
  for (const type of ["user", "org"]) {
    const ids = owners.filter((owner) => owner.type === type)
      .map(({ id }) => id);
    const byId = await value(
      sql,
      `select jsonb_agg(b.owner_id order by b.source_type, b.id)
       from public.credit_batches b
       where b.owner_id = any ($1) and b.granted_at = $2`,
      [ids, FIRST],
    );
    const sorted = ids.toSorted();
    assertEquals(byId, type === "user" ? sorted : [...sorted, ...sorted]);
  }
});

import { createUser, uniqueEmail } from "../../tests/support/people.ts";
import { givenPlan, must, unique } from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";

/** Organisations of one member each, an admin who takes a sponsored seat. */
export interface SeatWorld {
  /** How many have no seat left. */
  readonly full: number;
  /** Makes these as if nobody had been told of it yet. */
  untold(): Promise<void>;
}

/** One in so many has a single seat; the others have ten. */
const FULL = 5;
const db = secretClient();

/** So many organisations, the only active ones there are. */
export async function givenSeats(size: number): Promise<SeatWorld> {
  must(
    await db.from("organizations").update({ is_active: false })
      .eq("is_active", true).select("id"),
  );
  const plan = (await givenPlan()).id;
  const [one, ten] = [await givenTier(1), await givenTier(10)];
  const full = await givenAdmins(size / FULL);
  await write(await givenAdmins(size - full.length), ten, plan);
  return {
    full: full.length,
    async untold() {
      // what was told of an organisation goes with it
      must(
        await db.from("organizations").delete()
          .in("id", full.map(({ organization }) => organization)).select("id"),
      );
      await write(full, one, plan);
    },
  };
}

interface Admin {
  /** The id of the organisation to be. */
  organization: string;
  user: string;
}

async function givenAdmins(count: number): Promise<Admin[]> {
  const admins: Admin[] = [];
  while (admins.length < count) {
    admins.push({
      organization: crypto.randomUUID(),
      user: await createUser({
        email: uniqueEmail("admin"),
        email_confirm: true,
        user_metadata: { name: "Ana Pop" },
      }),
    });
  }
  return admins;
}

async function givenTier(seats: number): Promise<string> {
  return must(
    await db.from("org_platform_tiers").insert({
      name: "Tier",
      slug: unique("tier"),
      max_sponsored_seats: seats,
    }).select("id").single(),
  ).id;
}

async function write(
  admins: readonly Admin[],
  tier_id: string,
  sponsored_plan_id: string,
): Promise<void> {
  must(
    await db.from("organizations").insert(
      admins.map(({ organization: id }) => ({
        id,
        name: "Acme & Söhne",
        slug: unique("org"),
      })),
    ).select("id"),
  );
  must(
    await db.from("org_platform_subscriptions").insert(
      admins.map(({ organization: organization_id }) => ({
        organization_id,
        tier_id,
        status: "active",
      })),
    ).select("id"),
  );
  must(
    await db.from("organization_members").insert(
      admins.map(({ organization: organization_id, user: user_id }) => ({
        organization_id,
        user_id,
        role: "org_admin" as const,
        sponsored_plan_id,
      })),
    ).select("id"),
  );
}

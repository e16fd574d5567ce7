import { must, unique } from "../../tests/support/rows.ts";
import { secretClient } from "../../tests/support/stack.ts";

const FEATURES = 60;
/** Of those that there are. */
const PLANS = 5;
const PROGRAM_PLANS = 10;
const TRACKS = 5;
const ADD_ONS = 10;
const SERVICES = 30;
/** Of the features, to a program plan, a track or an add-on. */
const SOME = 10;
const db = secretClient();

/** A catalogue of a usual size: every feature in five plans, some in program plans, tracks and add-ons. */
export async function givenCatalogue(): Promise<void> {
  const features = must(
    await db.from("features").insert(
      times(FEATURES, (n) => ({
        key: unique("feature"),
        name: `Feature ${n}`,
        description: "What a plan may hold.",
        is_consumable: n % 3 === 0,
      })),
    ).select("id"),
  ).map(({ id }) => id);
  const plans = must(
    await db.from("plans").select("id").order("key").limit(PLANS),
  );
  must(
    await db.from("plan_features").insert(
      plans.flatMap(({ id: plan_id }) =>
        features.map((feature_id, n) => ({
          plan_id,
          feature_id,
          limit_value: n % 3 === 0 ? n : null,
        }))
      ),
    ).select("id"),
  );
  const some = features.slice(0, SOME);
  await givenProgramPlans(some);
  await givenTracks(some);
  await givenAddOns(some);
  must(
    await db.from("credit_services").insert(
      times(SERVICES, (n) => ({
        name: unique("service"),
        category: "coaching",
        credit_cost: n + 1,
        feature_id: features[n],
      })),
    ).select("id"),
  );
}

async function givenProgramPlans(features: string[]): Promise<void> {
  const plans = must(
    await db.from("program_plans").insert(
      times(PROGRAM_PLANS, (n) => ({ name: `Program plan ${n}` })),
    ).select("id"),
  );
  must(
    await db.from("program_plan_features").insert(
      plans.flatMap(({ id: program_plan_id }) =>
        features.map((feature_id) => ({ program_plan_id, feature_id }))
      ),
    ).select("id"),
  );
}

async function givenTracks(features: string[]): Promise<void> {
  const tracks = must(
    await db.from("tracks").insert(
      times(TRACKS, (n) => ({ key: unique("track"), name: `Track ${n}` })),
    ).select("id"),
  );
  must(
    await db.from("track_features").insert(
      tracks.flatMap(({ id: track_id }) =>
        features.map((feature_id) => ({ track_id, feature_id }))
      ),
    ).select("id"),
  );
}

async function givenAddOns(features: string[]): Promise<void> {
  const addOns = must(
    await db.from("add_ons").insert(
      times(ADD_ONS, (n) => ({
        key: unique("add-on"),
        name: `Add-on ${n}`,
        is_consumable: n % 2 === 0,
      })),
    ).select("id"),
  );
  must(
    await db.from("add_on_features").insert(
      addOns.flatMap(({ id: add_on_id }) =>
        features.map((feature_id) => ({ add_on_id, feature_id }))
      ),
    ).select("id"),
  );
}

function times<Item>(count: number, make: (n: number) => Item): Item[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

import { rowsOf, type UserClient } from "../_former/client.ts";

/** Features, what they hang on, and which hangs on which: nine queries. */
export async function readAssignments(client: UserClient) {
  const [
    features,
    plans,
    programPlans,
    tracks,
    addOns,
    ofPlans,
    ofProgramPlans,
    ofTracks,
    ofAddOns,
  ] = await Promise.all([
    client.from("features")
      .select("key, name, description, is_consumable, is_system").order("key"),
    client.from("plans").select("key, name, description, tier_level")
      .order("tier_level"),
    client.from("program_plans").select("name, description, tier_level")
      .order("name"),
    client.from("tracks").select("key, name, description").order("key"),
    client.from("add_ons").select(
      "key, name, description, price_cents, is_consumable, initial_quantity",
    ).order("key"),
    client.from("plan_features")
      .select("enabled, limit_value, plans(key), features(key)"),
    client.from("program_plan_features")
      .select("enabled, limit_value, program_plans(name), features(key)"),
    client.from("track_features")
      .select("is_enabled, limit_value, tracks(key), features(key)"),
    client.from("add_on_features").select("add_ons(key), features(key)"),
  ]);
  return {
    features: rowsOf(features),
    plans: rowsOf(plans),
    programPlans: rowsOf(programPlans)
      .map((row) => ({ ...row, programName: null })),
    tracks: rowsOf(tracks),
    addOns: rowsOf(addOns),
    assignments: {
      planFeatures: rowsOf(ofPlans).map((row) => ({
        planKey: row.plans.key,
        featureKey: row.features.key,
        enabled: row.enabled,
        limitValue: row.limit_value,
      })),
      programPlanFeatures: rowsOf(ofProgramPlans).map((row) => ({
        programPlanName: row.program_plans.name,
        featureKey: row.features.key,
        enabled: row.enabled,
        limitValue: row.limit_value,
      })),
      trackFeatures: rowsOf(ofTracks).map((row) => ({
        trackKey: row.tracks.key,
        featureKey: row.features.key,
        enabled: row.is_enabled,
        limitValue: row.limit_value,
      })),
      addOnFeatures: rowsOf(ofAddOns).map((row) => ({
        addOnKey: row.add_ons.key,
        featureKey: row.features.key,
      })),
    },
  };
}

import { rowsOf, type UserClient } from "../_former/client.ts";

/** What plans, program plans, add-ons and services give and cost in credits: five queries. */
export async function readCredits(client: UserClient) {
  const [plans, programPlans, addOns, services, limits] = await Promise.all([
    client.from("plans").select("key, name, credit_allowance")
      .order("tier_level"),
    client.from("program_plans")
      .select("name, credit_allowance, programs(name)").order("name"),
    client.from("add_ons").select("key, name, initial_quantity, price_cents")
      .eq("is_consumable", true).order("key"),
    client.from("credit_services")
      .select("name, description, category, credit_cost, features(key)")
      .order("name"),
    client.from("plan_features").select(
      "limit_value, plans(key), features(key)",
    )
      .not("limit_value", "is", null),
  ]);
  return {
    planCredits: rowsOf(plans),
    programPlanCredits: rowsOf(programPlans)
      .map(({ programs: _, ...row }) => ({ ...row, programName: null })),
    addOnCredits: rowsOf(addOns),
    creditServices: rowsOf(services).map(({ features, ...row }) => ({
      ...row,
      featureKey: features?.key,
    })),
    consumableFeatureLimits: rowsOf(limits).map((row) => ({
      planKey: row.plans.key,
      featureKey: row.features.key,
      limitValue: row.limit_value,
    })),
  };
}

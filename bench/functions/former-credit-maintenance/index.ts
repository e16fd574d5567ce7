import { answering, rowsOf, serviceClient } from "../_former/client.ts";

/**
 * How credit-maintenance used to carry credits over: it read the subscribers of a plan and the
 * organisations with a subscription, at most 1,000 of each, and called an SQL function for one after the
 * other. The call it made was refused for an argument's name, and the organisations' query named a
 * column that does not exist; here both work.
 *
 * `POST { users, organizations }`: of how many, so that a sample can be timed; the former took all.
 */
export default {
  fetch: (request: Request) => answering(() => rollOver(request)),
};

async function rollOver(request: Request): Promise<Response> {
  const limits: { users: number; organizations: number } = await request.json();
  const client = serviceClient();
  const subscribers = rowsOf(
    await client.from("profiles").select(
      "id, plans!profiles_plan_id_fkey(credit_allowance)",
    )
      .not("plan_id", "is", null).limit(limits.users),
  );
  const organizations = rowsOf(
    await client.from("org_platform_subscriptions")
      .select("organization_id, org_platform_tiers(credit_allowance)")
      .eq("status", "active").limit(limits.organizations),
  );
  const owners = [
    ...subscribers.map(({ id, plans }) => ({
      type: "user",
      id,
      allowance: plans?.credit_allowance,
    })),
    ...organizations.map(({ organization_id, org_platform_tiers }) => ({
      type: "org",
      id: organization_id,
      allowance: org_platform_tiers?.credit_allowance,
    })),
  ];
  let rolloversProcessed = 0;
  let totalRolledOver = 0;
  for (const { type, id, allowance } of owners) {
    if (Math.floor((allowance ?? 0) / 2) === 0) continue;
    const { data, error } = await client.rpc("process_credit_rollover", {
      p_owner_type: type,
      p_owner_id: id,
    });
    if (error) throw new Error(error.message);
    rolloversProcessed += data.batches_rolled ?? 0;
    totalRolledOver += data.credits_rolled ?? 0;
  }
  return Response.json({ success: true, rolloversProcessed, totalRolledOver });
}

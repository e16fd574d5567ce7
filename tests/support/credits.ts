import { assertEquals } from "@std/assert";
import type { Database } from "../../supabase/functions/_shared/database.types.ts";
import {
  givenMember,
  givenOrganization as givenCompany,
  type OrgRole,
} from "./organizations.ts";
import type { Person } from "./people.ts";
import { must, unique } from "./rows.ts";
import { api, type Client, secretClient } from "./stack.ts";

type Functions = Database["public"]["Functions"];
type Batches = Database["public"]["Tables"]["credit_batches"];

/** Whoever owns credits. */
export interface Owner {
  type: "user" | "org";
  id: string;
}

const db = secretClient();
const DAY = 86_400_000;

/** So many days from now, as the API takes it. */
export function inDays(days: number): string {
  return new Date(Date.now() + days * DAY).toISOString();
}

/** A person as an owner of credits. */
export function userOf({ id }: { id: string }): Owner {
  return { type: "user", id };
}

/** An organisation and somebody who manages its credits. */
export async function givenOrganization(
  role: OrgRole = "org_manager",
): Promise<{ org: Owner; manager: Person }> {
  const { id } = await givenCompany();
  const manager = await givenMember({ id }, role);
  return { org: { type: "org", id }, manager };
}

/** Puts a user on a plan with a monthly allowance. */
export async function givePlan(
  { id }: { id: string },
  allowance: number,
): Promise<void> {
  const plan = must(
    await db.from("plans").insert({
      key: unique("plan"),
      name: "Plan",
      credit_allowance: allowance,
    }).select("id").single(),
  );
  must(
    await db.from("profiles").update({ plan_id: plan.id }).eq("id", id)
      .select(),
  );
}

/** Grants credits, by default for 30 days. Returns the batch's id. */
export async function grant(
  owner: Owner,
  amount: number,
  { source = "purchase", expiresAt = inDays(30), grantedAt, ...values }: {
    source?: string;
    expiresAt?: string;
    /** When it was, where not now. */
    grantedAt?: string;
  } & Partial<Functions["grant_credit_batch"]["Args"]> = {},
): Promise<string> {
  if (grantedAt !== undefined) {
    const { id } = must(
      await db.from("credit_batches").insert({
        owner_type: owner.type,
        owner_id: owner.id,
        feature_key: values.p_feature_key,
        original_amount: amount,
        remaining_amount: amount,
        granted_at: grantedAt,
        expires_at: expiresAt,
        source_type: source,
      }).select("id").single(),
    );
    return id;
  }
  return must(
    await db.rpc("grant_credit_batch", {
      p_owner_type: owner.type,
      p_owner_id: owner.id,
      p_amount: amount,
      p_expires_at: expiresAt,
      p_source_type: source,
      ...values,
    }),
  );
}

/** Spends credits, as the service role unless told. */
export async function spend(
  owner: Owner,
  amount: number,
  { as = db, ...values }:
    & { as?: Client }
    & Partial<Functions["consume_credits_fifo"]["Args"]> = {},
) {
  return must(
    await as.rpc("consume_credits_fifo", {
      p_owner_type: owner.type,
      p_owner_id: owner.id,
      p_amount: amount,
      ...values,
    }),
  );
}

/** Gives a spend back, all that is left of it unless told. */
export async function refund(
  spendId: string | null,
  values: Partial<Functions["refund_credits"]["Args"]> = {},
) {
  return must(
    await db.rpc("refund_credits", {
      p_spend_id: spendId ?? crypto.randomUUID(),
      ...values,
    }),
  );
}

/** An owner's batches, in the order in which they were granted. */
export async function batchesOf(
  { type, id }: Owner,
): Promise<Batches["Row"][]> {
  return must(
    await db.from("credit_batches").select()
      .eq("owner_type", type).eq("owner_id", id).order("created_at"),
  );
}

/** What is left in each of the batches, in this order. */
export async function leftIn(...ids: string[]): Promise<number[]> {
  const batches = must(
    await db.from("credit_batches").select("id, remaining_amount").in(
      "id",
      ids,
    ),
  );
  return ids.map((id) =>
    batches.find((it) => it.id === id)?.remaining_amount ?? NaN
  );
}

/** The entries of a batch: type and amount, oldest first. */
export async function entriesOf(batchId: string): Promise<[string, number][]> {
  const entries = must(
    await db.from("credit_ledger").select("entry_type, amount")
      .eq("batch_id", batchId).order("id"),
  );
  return entries.map((it) => [it.entry_type, it.amount]);
}

/** What an owner has to spend. */
export async function availableTo({ type, id }: Owner): Promise<number> {
  const summary = type === "user"
    ? await db.rpc("get_user_credit_summary_v2", { p_user_id: id })
    : await db.rpc("get_org_credit_summary_v2", { p_org_id: id });
  return must(summary).total_available ?? NaN;
}

/** The whole ledger adds up. */
export async function assertSound(): Promise<void> {
  assertEquals(must(await db.rpc("check_credit_ledger")), []);
}

/** Calls a function with whatever JSON, with a token or as a visitor. */
export async function callRpc(
  name: string,
  args: Record<string, unknown>,
  token = api.publishableKey,
) {
  const response = await fetch(`${api.url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: {
      apikey: token === api.secretKey ? token : api.publishableKey,
      "Content-Type": "application/json",
      ...(token.includes(".") ? { Authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(args),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

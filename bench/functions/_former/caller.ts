import type { User } from "@supabase/supabase-js";
import { must, rowsOf, type ServiceClient } from "./client.ts";

/** Whose bearer a request came with: asked of Auth each time, as the former functions did. */
export async function callerOf(
  client: ServiceClient,
  request: Request,
): Promise<User> {
  const bearer = (request.headers.get("Authorization") ?? "")
    .replace("Bearer ", "");
  const { user } = must(await client.auth.getUser(bearer));
  if (!user) throw new Error("Unauthorized");
  return user;
}

/** Whether a user is a platform admin, by one query. */
export async function isAdmin(
  client: ServiceClient,
  userId: string,
): Promise<boolean> {
  const roles = await client.from("user_roles").select("role")
    .eq("user_id", userId).eq("role", "admin");
  return rowsOf(roles).length > 0;
}

import { asService } from "../_shared/database.ts";
import type { Json } from "../_shared/database.types.ts";
import type { Refusal } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";
import { type Asked, refuse } from "./refuse.ts";

/** What a deletion did. */
export interface Deletion {
  readonly message: string;
  /** `table.column` → how many rows were deleted, cleared or reassigned. */
  readonly done: Json;
  /** What somebody has to look at: running Stripe subscriptions, organisations without an admin … */
  readonly left_behind: Json;
}

/** Deletes a user, in one transaction with everything that hangs on it. */
export async function deleteUser(
  { actorId, sessionId, userId }: Asked,
  now: Date,
  meter: Meter,
): Promise<Deletion | Refusal> {
  const result = await asService(meter).call("delete_user", {
    p_actor_id: actorId,
    p_session_id: sessionId,
    p_user_id: userId,
    p_now: now.toISOString(),
  });
  return result.code === "ok"
    ? {
      message: "User deleted successfully",
      done: result.done,
      left_behind: result.left_behind,
    }
    : refuse(result);
}

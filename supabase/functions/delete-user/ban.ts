import { changeAuthUser } from "../_shared/auth_admin.ts";
import { recordDisabled } from "../_shared/auth_profiles.ts";
import { asService } from "../_shared/database.ts";
import { Refusal } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";
import { type Asked, refuse } from "./refuse.ts";

/** A hundred years: Auth knows no ban without an end. */
const FOR_EVER = "876000h";

/** Disables or enables a user: the ban in Auth, the flag in profiles, the end of the sessions. */
export async function setBan(
  { actorId, sessionId, userId }: Asked,
  action: "disable" | "enable",
  now: Date,
  meter: Meter,
): Promise<{ message: string } | Refusal> {
  const start = await asService(meter).call("begin_user_action", {
    p_actor_id: actorId,
    p_session_id: sessionId,
    p_user_id: userId,
    p_action: action,
    p_now: now.toISOString(),
  });
  if (start.code !== "ok") return refuse(start);

  let changed = false;
  try {
    const user = await changeAuthUser(userId, {
      ban_duration: action === "disable" ? FOR_EVER : "none",
    });
    if (user instanceof Refusal) return user;
    changed = true;
  } finally {
    // Also where Auth refused or failed: the profile says what Auth says.
    await recordDisabled({ userId, actorId, changed }, now, meter);
  }
  return { message: `User ${action}d successfully` };
}

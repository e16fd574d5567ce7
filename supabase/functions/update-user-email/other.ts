import type { User } from "../_shared/auth.ts";
import { changeAuthUser } from "../_shared/auth_admin.ts";
import { changeAuthEmail } from "../_shared/auth_email.ts";
import { recordEmail } from "../_shared/auth_profiles.ts";
import { asService } from "../_shared/database.ts";
import { Refusal, refusalOf } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";
import type { Changed } from "./own.ts";

/** What an admin gives somebody. */
export interface OtherChanges {
  readonly newEmail?: string | undefined;
  readonly newPassword?: string | undefined;
}

/**
 * Changes somebody else's address, confirmed, and password, as an admin. The database says whether the
 * caller is one before it looks anything up.
 */
export async function changeOther(
  caller: User,
  userId: string,
  { newEmail, newPassword }: OtherChanges,
  now: Date,
  meter: Meter,
): Promise<Changed | Refusal> {
  if (caller.sessionId === null) return new Refusal("unauthorized");
  const start = await asService(meter).call("begin_user_update", {
    p_actor_id: caller.id,
    p_session_id: caller.sessionId,
    p_user_id: userId,
    p_new_email: newEmail,
    p_new_password: newPassword !== undefined,
    p_now: now.toISOString(),
  });
  if (start.code === "forbidden") {
    return refusalOf(start, "Not authorized to update other users");
  }
  if (start.code !== "ok") return refusalOf(start);

  const password = newPassword === undefined ? {} : { password: newPassword };
  const user = newEmail === undefined
    ? await changeAuthUser(userId, password)
    : await changeAuthEmail(userId, newEmail, password, meter);
  if (user instanceof Refusal) return user;

  if (newEmail !== undefined) {
    await recordEmail(
      {
        userId,
        actorId: caller.id,
        oldEmail: start.old_email ?? "",
      },
      now,
      meter,
    );
  }
  if (newPassword !== undefined) {
    await asService(meter).call("record_auth_password", {
      p_user_id: userId,
      p_actor_id: caller.id,
    });
  }
  return { user };
}

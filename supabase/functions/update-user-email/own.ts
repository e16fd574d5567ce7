import type { User } from "../_shared/auth.ts";
import {
  type AuthUser,
  changeAuthUser,
  readAuthUser,
} from "../_shared/auth_admin.ts";
import { asService } from "../_shared/database.ts";
import { requestEmailChange } from "../_shared/email_change.ts";
import { Refusal } from "../_shared/errors.ts";
import type { Meter } from "../_shared/meter.ts";
import { confirmPassword } from "../_shared/password.ts";

/** What a user wants to change of the own account. */
export interface OwnChanges {
  readonly newEmail?: string | undefined;
  readonly newPassword?: string | undefined;
  readonly currentPassword?: string | undefined;
}

/** The user, and the address that waits for its link. */
export interface Changed {
  readonly user: AuthUser;
  readonly pending_email?: string;
}

/**
 * Changes the own account: the password at once, which signs every device out; the address by the link
 * that request-email-change sends, asked for first, since it changes nothing yet.
 */
export async function changeOwn(
  caller: User,
  { newEmail, newPassword, currentPassword }: OwnChanges,
  now: Date,
  meter: Meter,
): Promise<Changed | Refusal> {
  if (newPassword !== undefined) {
    if (currentPassword === undefined) {
      return new Refusal(
        "reauthentication_required",
        "currentPassword is needed for a new password.",
      );
    }
    if (newEmail === undefined) {
      const refusal = await confirmPassword(
        caller,
        currentPassword,
        now,
        meter,
      );
      if (refusal) return refusal;
    }
  }
  const open = newEmail === undefined ? undefined : await requestEmailChange(
    caller,
    { newEmail, currentPassword },
    now,
    meter,
  );
  if (open instanceof Refusal) return open;

  const user = newPassword === undefined
    ? await readAuthUser(caller.id)
    : await changeAuthUser(caller.id, { password: newPassword });
  if (user instanceof Refusal) return user;
  if (newPassword !== undefined) {
    await asService(meter).call("record_auth_password", {
      p_user_id: caller.id,
      p_actor_id: caller.id,
    });
  }
  return open ? { user, pending_email: open.new_email } : { user };
}

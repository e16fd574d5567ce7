import { AuthError, type AuthUser, changeAuthUser } from "./auth_admin.ts";
import { asService } from "./database.ts";
import { Refusal } from "./errors.ts";
import type { Meter } from "./meter.ts";

/**
 * Gives a user an address, confirmed, and where it is given a password with it. Auth answers a taken
 * address with a plain 500, as it does any failure of its database, so the database is asked which it was.
 *
 * @returns the user, or a refusal such as `email_in_use`
 * @throws {AuthError} when Auth fails
 */
export async function changeAuthEmail(
  id: string,
  email: string,
  password: { readonly password?: string },
  meter: Meter,
): Promise<AuthUser | Refusal> {
  try {
    return await changeAuthUser(id, {
      ...password,
      email,
      email_confirm: true,
    });
  } catch (error) {
    if (!(error instanceof AuthError) || error.isAway) throw error;
    const isTaken = await asService(meter).call("is_email_in_use", {
      p_email: email,
      p_except: id,
    });
    if (isTaken) return new Refusal("email_in_use");
    throw error;
  }
}

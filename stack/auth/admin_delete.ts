import type { Session } from "../session.ts";
import { endSessions } from "./admin_write.ts";

/** Deletes a user and what cascades from it. */
export async function hardDelete(session: Session, id: string): Promise<void> {
  await session.query("delete from auth.refresh_tokens where user_id = $1", [
    id,
  ]);
  await session.query("delete from auth.users where id = $1", [id]);
}

/** SHA-256 over id and value, URL-safe Base64 without padding (GoTrue, obfuscateValue). */
const obfuscated = (column: string) =>
  `rtrim(translate(encode(sha256(convert_to(id::text || ${column}, 'UTF8')), 'base64'), '+/', '-_'), '=')`;

/**
 * Keeps the row and makes it nobody's (GoTrue, internal/models/user.go, SoftDeleteUser): addresses
 * become hashes, metadata goes, sessions end. A second time changes nothing.
 */
export async function softDelete(session: Session, id: string): Promise<void> {
  const [deleted] = await session.query(
    `update auth.users set
       email = case when email <> '' then ${obfuscated("email")} end,
       phone = case when phone <> '' then left(${obfuscated("phone")}, 15) end,
       email_change = null, phone_change = null, encrypted_password = null,
       confirmation_token = '', recovery_token = '', email_change_token_current = '',
       email_change_token_new = '', phone_change_token = '',
       raw_user_meta_data = '{}', raw_app_meta_data = '{}', deleted_at = now()
     where id = $1 and deleted_at is null returning id`,
    [id],
  );
  if (!deleted) return;
  await session.query(
    `update auth.identities i set identity_data = '{}',
       provider_id = (select ${
      obfuscated("i.provider_id")
    } from auth.users u where u.id = i.user_id)
     where user_id = $1`,
    [id],
  );
  await endSessions(session, id);
}

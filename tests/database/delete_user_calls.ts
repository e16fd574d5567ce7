import { type Session, value } from "../support/sql.ts";
import { address, NOW, signUp } from "./profile_sync_users.ts";

/** An admin with a session, as delete-user calls for one. */
export async function signedInAdmin(sql: Session) {
  const id = await signUp(sql, { email: address() });
  await sql.query(
    "insert into public.user_roles (user_id, role) values ($1, 'admin')",
    [id],
  );
  const session = await value(
    sql,
    "insert into auth.sessions (id, user_id) values (gen_random_uuid(), $1) returning id",
    [id],
  );
  return { id, session };
}

/** Deletes a user as this admin. Returns the code, and what was done. */
export async function deleteUser(
  sql: Session,
  admin: { id: string; session: unknown },
  id: string,
) {
  const [row] = await sql.query(
    `select code, done, left_behind
     from public.delete_user($1, $2, $3, $4::text::timestamptz)`,
    [admin.id, admin.session, id, NOW],
  );
  return row ?? {};
}

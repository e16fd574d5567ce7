import type { Session } from "../support/sql.ts";

/** The present of every test that sets one. */
export const NOW = "2026-03-24T12:00:00Z";
/** The end of a ban that no test outlives. */
export const FAR = "2099-01-01T00:00:00Z";

/** A user as Auth is about to insert one. */
export interface NewUser {
  email?: string | null;
  phone?: string;
  metadata?: Record<string, unknown>;
  bannedUntil?: string;
  isAnonymous?: boolean;
  isSso?: boolean;
}

export interface Profile {
  name: string;
  username: string | null;
  email: string | null;
  is_disabled: boolean;
}

/** An address that nobody else has, unless its local part is given. */
export const address = (local: string = crypto.randomUUID()) =>
  `${local}@example.com`;

/** A user as Supabase Auth inserts one. */
export async function signUp(sql: Session, user: NewUser): Promise<string> {
  const id = crypto.randomUUID();
  await sql.query(
    `insert into auth.users
       (id, email, phone, raw_user_meta_data, banned_until, is_anonymous, is_sso_user, created_at)
     values ($1, $2, $3, $4::text::jsonb, $5::text::timestamptz, $6, $7, clock_timestamp())`,
    [
      id,
      user.email ?? null,
      user.phone ?? null,
      JSON.stringify(user.metadata ?? {}),
      user.bannedUntil ?? null,
      user.isAnonymous ?? false,
      user.isSso ?? false,
    ],
  );
  return id;
}

/** What the profile of a user says; nothing when there is none. */
export async function profile(
  sql: Session,
  id: string,
): Promise<Profile | undefined> {
  const [row] = await sql.query(
    "select name, username, email, is_disabled from public.profiles where id = $1",
    [id],
  );
  return row as unknown as Profile | undefined;
}

/** What triggers recorded about a user or row, the oldest first. */
export async function failures(sql: Session, id: string): Promise<unknown[]> {
  const rows = await sql.query(
    "select source, sqlstate from private.trigger_failures where subject_id = $1 order by id",
    [id],
  );
  return rows.map((row) => `${row.source} ${row.sqlstate}`);
}

/** Runs reconcile_auth_profiles and answers what it healed. */
export async function reconcile(sql: Session, now = NOW): Promise<unknown[]> {
  return (await sql.query(
    "select user_id, healed from public.reconcile_auth_profiles($1::text::timestamptz)",
    [now],
  )).map(({ user_id, healed }) => ({ user_id, healed }));
}

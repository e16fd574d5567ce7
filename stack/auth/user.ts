import type { Session } from "../session.ts";

const time = (column: string) =>
  `to_jsonb(to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))`;

const IDENTITIES = `
(select coalesce(jsonb_agg(jsonb_build_object(
   'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id, 'identity_data', i.identity_data,
   'provider', i.provider, 'email', i.email, 'last_sign_in_at', ${
  time("i.last_sign_in_at")
},
   'created_at', ${time("i.created_at")}, 'updated_at', ${time("i.updated_at")})
   order by i.created_at), '[]')
 from auth.identities i where i.user_id = u.id)`;

/** The user `u` as GoTrue writes it (internal/models/user.go): absent times are left out. */
export const userJson = (identities: string = IDENTITIES) => `
jsonb_strip_nulls(jsonb_build_object(
  'email_confirmed_at', ${time("u.email_confirmed_at")},
  'phone_confirmed_at', ${time("u.phone_confirmed_at")},
  'confirmed_at', ${time("u.confirmed_at")},
  'invited_at', ${time("u.invited_at")},
  'confirmation_sent_at', ${time("u.confirmation_sent_at")},
  'recovery_sent_at', ${time("u.recovery_sent_at")},
  'new_email', nullif(u.email_change, ''),
  'email_change_sent_at', ${time("u.email_change_sent_at")},
  'last_sign_in_at', ${time("u.last_sign_in_at")},
  'banned_until', ${time("u.banned_until")},
  'deleted_at', ${time("u.deleted_at")}
)) || jsonb_build_object(
  'id', u.id, 'aud', u.aud, 'role', coalesce(u.role, ''),
  'email', coalesce(u.email, ''), 'phone', coalesce(u.phone, ''),
  'app_metadata', coalesce(u.raw_app_meta_data, '{}'),
  'user_metadata', coalesce(u.raw_user_meta_data, '{}'),
  'identities', ${identities},
  'created_at', ${time("u.created_at")}, 'updated_at', ${time("u.updated_at")},
  'is_anonymous', u.is_anonymous
)`;

/** A user as GoTrue writes it, or nothing when there is none with this id. */
export async function readUser(
  session: Session,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const [row] = await session.query(
    `select ${userJson()} as user from auth.users u where id = $1`,
    [
      id,
    ],
  );
  return typeof row?.user === "object" && row.user !== null
    ? { ...row.user }
    : undefined;
}

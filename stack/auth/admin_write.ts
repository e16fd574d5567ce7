import { hash } from "bcryptjs";
import type { Session } from "../session.ts";
import type { AdminUserParams } from "./admin_params.ts";
import { AuthError } from "./errors.ts";
import { readUser } from "./user.ts";

/** The least bcrypt takes. Local passwords protect nothing, and tests sign in hundreds of users. */
const BCRYPT_COST = 4;

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const NIL_UUID = /^[0-]+$/;

/** Whether GoTrue would read `text` as a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Creates a user (GoTrue, internal/api/admin.go, adminUserCreate). @throws {AuthError} */
export async function createUser(session: Session, params: AdminUserParams) {
  const { email, phone, password, password_hash } = params;
  const invalid = (message: string) =>
    new AuthError(400, "validation_failed", message);
  if (!email && !phone) {
    throw invalid("Cannot create a user without either an email or phone");
  }
  if (email) await refuseTaken(session, "email", email);
  if (phone) await refuseTaken(session, "phone", phone);
  if (password && password_hash) {
    throw invalid("Only a password or a password hash should be provided");
  }
  const id = params.id || crypto.randomUUID();
  if (!isUuid(id)) throw invalid("ID must conform to the uuid v4 format");
  if (NIL_UUID.test(id)) throw invalid("ID cannot be a nil uuid");

  const encrypted = password_hash ||
    await hash(password || crypto.randomUUID(), BCRYPT_COST);
  const providers = [...(email ? ["email"] : []), ...(phone ? ["phone"] : [])];
  await session.query(
    `insert into auth.users (id, instance_id, aud, role, email, phone, encrypted_password,
       raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
     values ($1, '00000000-0000-0000-0000-000000000000', $2, $3, $4, $5, $6,
       $7::text::jsonb, $8::text::jsonb, now(), now())`,
    [
      id,
      params.aud || "authenticated",
      params.role || "authenticated",
      email || null,
      phone || null,
      encrypted,
      JSON.stringify({ provider: providers[0], providers }),
      JSON.stringify(params.user_metadata ?? {}),
    ],
  );
  if (email) {
    await setIdentity(session, id, "email", { email, email_verified: false });
  }
  if (phone) {
    await setIdentity(session, id, "phone", { phone, phone_verified: false });
  }
  await setRest(session, id, { ...params, user_metadata: undefined });
  return await readUser(session, id);
}

/** Updates a user (adminUserUpdate). A new password ends every session, as GoTrue does. */
export async function updateUser(
  session: Session,
  id: string,
  params: AdminUserParams,
) {
  const { email, phone, password, role } = params;
  if (role) {
    await session.query("update auth.users set role = $2 where id = $1", [
      id,
      role,
    ]);
  }
  if (typeof password === "string") {
    await session.query(
      "update auth.users set encrypted_password = $2 where id = $1",
      [
        id,
        password === "" ? null : await hash(password, BCRYPT_COST),
      ],
    );
    await endSessions(session, id);
  }
  if (email) {
    const email_verified = params.email_confirm ?? false;
    await setIdentity(session, id, "email", { email, email_verified });
    await session.query(
      "update auth.users set email = $2, is_anonymous = is_anonymous and not $3 where id = $1",
      [id, email, email_verified],
    );
  }
  if (phone) {
    const phone_verified = params.phone_confirm ?? false;
    await setIdentity(session, id, "phone", { phone, phone_verified });
    await session.query(
      "update auth.users set phone = $2, is_anonymous = is_anonymous and not $3 where id = $1",
      [id, phone, phone_verified],
    );
  }
  await setRest(session, id, params);
  return await readUser(session, id);
}

/** What creating and updating do alike: confirmations, metadata and the ban. */
async function setRest(
  session: Session,
  id: string,
  params: AdminUserParams,
): Promise<void> {
  if (params.email_confirm) {
    await session.query(
      "update auth.users set email_confirmed_at = now() where id = $1",
      [id],
    );
    await mergeMetadata(session, id, "raw_user_meta_data", {
      email_verified: true,
    });
  }
  if (params.phone_confirm) {
    await session.query(
      "update auth.users set phone_confirmed_at = now() where id = $1",
      [id],
    );
    await mergeMetadata(session, id, "raw_user_meta_data", {
      phone_verified: true,
    });
  }
  await mergeMetadata(session, id, "raw_app_meta_data", params.app_metadata);
  await mergeMetadata(session, id, "raw_user_meta_data", params.user_metadata);
  if (params.ban !== undefined) {
    await session.query(
      `update auth.users set banned_until =
         case when $2::float8 <> 0 then now() + make_interval(secs => $2::float8) end where id = $1`,
      [id, params.ban],
    );
  }
  await session.query(
    "update auth.users set updated_at = now() where id = $1",
    [id],
  );
}

/** Sets keys; null removes one. */
async function mergeMetadata(
  session: Session,
  id: string,
  column: "raw_app_meta_data" | "raw_user_meta_data",
  patch: Record<string, unknown> | null | undefined,
): Promise<void> {
  if (!patch) return;
  const removed = Object.keys(patch).filter((key) => patch[key] === null);
  await session.query(
    `update auth.users set ${column} = (coalesce(${column}, '{}') || $2::text::jsonb)
       - array(select jsonb_array_elements_text($3::text::jsonb)) where id = $1`,
    [id, JSON.stringify(patch), JSON.stringify(removed)],
  );
}

/** For the providers `email` and `phone` the provider's id is the user's own. */
async function setIdentity(
  session: Session,
  userId: string,
  provider: "email" | "phone",
  data: Record<string, unknown>,
): Promise<void> {
  const claims = {
    sub: userId,
    email_verified: false,
    phone_verified: false,
    ...data,
  };
  await session.query(
    `insert into auth.identities
       (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
     values (gen_random_uuid(), $2, $1::text, $1::uuid, $3::text::jsonb, now(), now(), now())
     on conflict (provider, provider_id) do update
       set identity_data = auth.identities.identity_data || $4::text::jsonb, updated_at = now()`,
    [userId, provider, JSON.stringify(claims), JSON.stringify(data)],
  );
}

async function refuseTaken(
  session: Session,
  column: "email" | "phone",
  value: string,
) {
  const [taken] = await session.query(
    `select from auth.users where lower(${column}) = $1`,
    [value],
  );
  if (!taken) return;
  throw column === "email"
    ? new AuthError(
      422,
      "email_exists",
      "A user with this email address has already been registered",
    )
    : new AuthError(
      422,
      "phone_exists",
      "Phone number already registered by another user",
    );
}

/** Ends every session of a user; the access tokens live on until they expire. */
export async function endSessions(session: Session, id: string): Promise<void> {
  await session.query("delete from auth.sessions where user_id = $1", [id]);
  await session.query("delete from auth.refresh_tokens where user_id = $1", [
    id,
  ]);
}

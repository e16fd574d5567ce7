import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import { PUBLISHABLE_KEY, SECRET_KEY } from "../keys.ts";
import type { Lite } from "../lite.ts";
import type { Session } from "../session.ts";
import { verifyToken } from "../tokens.ts";
import { hardDelete, softDelete } from "./admin_delete.ts";
import { listUsers } from "./admin_list.ts";
import { readParams, readSoftDelete } from "./admin_params.ts";
import { createUser, isUuid, updateUser } from "./admin_write.ts";
import { AuthError } from "./errors.ts";
import { readUser } from "./user.ts";

const USER_PATH = /^\/auth\/v1\/admin\/users\/([^/]+)$/;

/** Answers /auth/v1/admin: the part of GoTrue's admin API that supabase-js calls for users. */
export async function answerAdmin(
  database: Database,
  config: Config,
  lite: Lite,
  request: Request,
): Promise<Response> {
  const apiKey = request.headers.get("apikey") ??
    new URL(request.url).searchParams.get("apikey");
  const known = apiKey === SECRET_KEY || apiKey === PUBLISHABLE_KEY;
  if (!known || request.method === "OPTIONS") return await lite(request);
  try {
    requireAdmin(apiKey, request.headers.get("authorization"));
    const minimum = config.auth.minimum_password_length;
    return await database.transaction((session) =>
      answer(session, request, minimum)
    );
  } catch (error) {
    if (error instanceof AuthError) return error.response();
    console.error(error);
    return new AuthError(500, "unexpected_failure", failure(request.method))
      .response();
  }
}

async function answer(
  session: Session,
  request: Request,
  minimum: number,
): Promise<Response> {
  const url = new URL(request.url);
  const { method } = request;
  if (url.pathname === "/auth/v1/admin/users") {
    if (method === "GET") return await listUsers(session, url);
    if (method === "POST") {
      return Response.json(
        await createUser(session, await readParams(request, minimum)),
      );
    }
  }
  const [, id] = USER_PATH.exec(url.pathname) ?? [];
  if (id === undefined) {
    throw new AuthError(
      501,
      "not_implemented",
      "The embedded stack does not implement this",
    );
  }
  const user = isUuid(id) ? await readUser(session, id) : undefined;
  if (!isUuid(id)) {
    throw new AuthError(404, "validation_failed", "user_id must be an UUID");
  }
  if (!user) throw new AuthError(404, "user_not_found", "User not found");
  switch (method) {
    case "GET":
      return Response.json(user);
    case "PUT":
      return Response.json(
        await updateUser(session, id, await readParams(request, minimum)),
      );
    case "DELETE":
      await (await readSoftDelete(request) ? softDelete : hardDelete)(
        session,
        id,
      );
      return Response.json({});
    default:
      return new Response(null, { status: 405 });
  }
}

/** The platform's gateway turns an API key into its role's token; a user's token stays. */
function requireAdmin(apiKey: string, authorization: string | null): void {
  const token = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  if (token === undefined || token.startsWith("sb_")) {
    if ((token ?? apiKey) === SECRET_KEY) return;
  } else {
    const claims = verifyToken(token);
    if (!claims) {
      const reason =
        "unable to parse or verify signature, token signature is invalid";
      throw new AuthError(
        403,
        "bad_jwt",
        `invalid JWT: ${reason}: signature is invalid`,
      );
    }
    if (claims.role === "service_role" || claims.role === "supabase_admin") {
      return;
    }
  }
  throw new AuthError(403, "not_admin", "User not allowed");
}

function failure(method: string): string {
  if (method === "POST") return "Database error creating new user";
  if (method === "PUT") return "Error updating user";
  return method === "DELETE"
    ? "Database error deleting user"
    : "Database error loading user";
}

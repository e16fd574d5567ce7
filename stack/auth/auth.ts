import type { Config } from "../config.ts";
import type { Database } from "../database.ts";
import type { Lite } from "../lite.ts";
import { JWKS } from "../tokens.ts";
import { answerAdmin } from "./admin.ts";
import { isAnonymousSignUp, signInAnonymously } from "./anonymous.ts";
import { AuthError } from "./errors.ts";
import { refuseBanned } from "./ban.ts";
import { completeAnswer } from "./session.ts";

/** What GoTrue answers when a trigger on auth.users raises. */
const SIGN_UP_FAILED = "Database error saving new user";

/** Answers /auth/v1. */
export type Auth = (request: Request) => Promise<Response>;

/** lite's Auth, with the parts of GoTrue it lacks in front and its tokens completed behind. */
export function createAuth(
  database: Database,
  lite: Lite,
  config: Config,
  url: string,
): Auth {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/auth/v1/.well-known/jwks.json") {
      return Response.json(JWKS);
    }
    if (pathname.startsWith("/auth/v1/admin/")) {
      return await answerAdmin(database, config, lite, request);
    }
    if (request.method === "POST" && pathname === "/auth/v1/token") {
      const refusal = await refuseBanned(database, request);
      if (refusal) return refusal;
    }
    if (request.method === "POST" && pathname === "/auth/v1/signup") {
      if (
        config.auth.enable_anonymous_sign_ins &&
        await isAnonymousSignUp(request)
      ) {
        return await signInAnonymously(database, request, url);
      }
    }
    const response = await lite(request);
    if (response.status === 500 && pathname === "/auth/v1/signup") {
      return new AuthError(500, "unexpected_failure", SIGN_UP_FAILED)
        .response();
    }
    return await completeAnswer(database, response, url);
  };
}

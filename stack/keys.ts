/** The keys `supabase start` gives out, so that the stack and the CLI are interchangeable. */
export const PUBLISHABLE_KEY = "sb_publishable_ACJWlzQHlZjBrEguHvfOxg_3BJgxAaH";

/** Bypasses row-level security. Known to everyone: for this machine only. */
export const SECRET_KEY = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";

/** Signs the users' tokens (HS256). */
export const JWT_SECRET =
  "super-secret-jwt-token-with-at-least-32-characters-long";

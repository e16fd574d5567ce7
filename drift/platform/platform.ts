import { PLATFORM_SQL } from "../../stack/platform.ts";
import { AUTH } from "./auth.ts";
import { CRON, NET, REALTIME, ROLES, VAULT } from "./services.ts";
import { STORAGE } from "./storage.ts";

/** What a Supabase project has before its first migration, whatever it is that the migrations use. */
export const PROJECT_SQL = [
  PLATFORM_SQL,
  ROLES,
  AUTH,
  STORAGE,
  REALTIME,
  VAULT,
  CRON,
  NET,
].join("\n");

/** What projects from before 2026-10-30 have besides: all that is made in `public` is granted. */
export const DEFAULT_GRANTS = `
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
`;

/** Migrations are named by the time they were written at: the first shows when the project began. */
const GRANTED_BEFORE = "20261030";

/** Whether the project is of those to which the platform grants everything by default. */
export function grantsByDefault(versions: readonly string[]): boolean {
  const [first] = [...versions].sort();
  return first !== undefined && /^20\d{6}/.test(first) &&
    first < GRANTED_BEFORE;
}

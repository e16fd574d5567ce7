/** The official CLI, which npm fetches the first time; the version that CI uses. */
export const SUPABASE_CLI = "supabase@3.1.0";

import { App, ConsoleEmailDriver } from "@supabase/lite";
import type { Config } from "./config.ts";
import type { Database } from "./database.ts";
import { JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY } from "./keys.ts";

/** Answers /rest/v1 and /auth/v1 in this process. */
export type Lite = (request: Request) => Promise<Response>;

/** Serves a database through `@supabase/lite`. E-mails it sends are printed on standard error. */
export function createLite(database: Database, config: Config): Lite {
  const app = new App({
    connection: database.connection,
    api: { schemas: config.api.schemas, max_rows: config.api.max_rows },
    auth: {
      enabled: true,
      jwt_secret: JWT_SECRET,
      publishable_key: PUBLISHABLE_KEY,
      secret_key: SECRET_KEY,
      site_url: config.auth.site_url,
      minimum_password_length: config.auth.minimum_password_length,
    },
    options: {
      server: { disableStudio: true, disableFallback: true },
      drivers: {
        email: new ConsoleEmailDriver({ logger: { info: console.error } }),
      },
    },
  });
  return (request) => database.exclusive(() => app.fetch(request));
}

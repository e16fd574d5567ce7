import * as z from "zod/mini";
import { newConfig } from "./management_config.ts";
import { Refused } from "./management_refused.ts";

/** A function as the management API tells of it. */
export interface DeployedFunction {
  id: string;
  slug: string;
  name: string;
  status: "ACTIVE";
  version: number;
  created_at: number;
  updated_at: number;
  verify_jwt: boolean;
  import_map: boolean;
  entrypoint_path: string;
  ezbr_sha256: string;
}

/** The limits are those of the API's description. */
const Secrets = z.array(z.strictObject({
  name: z.string().check(z.maxLength(256), z.regex(/^(?!SUPABASE_).+/)),
  value: z.string().check(z.maxLength(24_576)),
})).check(z.maxLength(100));

/** What the platform keeps of one project. */
export class ManagedProject {
  readonly secrets = new Map<string, string>();
  readonly functions: DeployedFunction[] = [];
  /** What was uploaded for each function, by path. */
  readonly sources = new Map<string, ReadonlyMap<string, string>>();
  readonly config = newConfig();
  readonly secretKey = `sb_secret_${crypto.randomUUID()}`;

  constructor(readonly ref: string) {}

  describe() {
    return {
      id: this.ref,
      ref: this.ref,
      organization_id: "innotrue",
      organization_slug: "innotrue",
      name: "InnoTrue Hub",
      region: "eu-central-1",
      created_at: "2026-01-01T00:00:00Z",
      status: "ACTIVE_HEALTHY",
      database: {
        host: `db.${this.ref}.supabase.test`,
        version: "15.8.1.085",
        postgres_engine: "15",
        release_channel: "ga",
      },
    };
  }

  /** The platform tells the digest of a value, never the value. */
  async listSecrets() {
    return await Promise.all([...this.secrets].map(async ([name, value]) => ({
      name,
      value: await sha256(value),
      updated_at: "2026-01-01T00:00:00Z",
    })));
  }

  setSecrets(body: unknown): void {
    const secrets = Secrets.safeParse(body);
    if (!secrets.success) throw new Refused(400, "Bad Request");
    for (const { name, value } of secrets.data) this.secrets.set(name, value);
  }

  apiKeys(parameters: URLSearchParams) {
    const revealed = parameters.get("reveal") === "true";
    const key = (type: string, value: string) => ({
      id: crypto.randomUUID(),
      type,
      name: "default",
      api_key: type === "secret" && !revealed
        ? `${value.slice(0, 15)}···`
        : value,
    });
    return [
      key("publishable", "sb_publishable_x"),
      key("secret", this.secretKey),
    ];
  }

  configuration() {
    return {
      data: {
        type: "project_config",
        id: this.ref,
        attributes: this.config,
      },
    };
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return new Uint8Array(digest).toHex();
}

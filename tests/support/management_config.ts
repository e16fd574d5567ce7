import { newAuthConfig } from "./management_auth.ts";
import { Refused } from "./management_refused.ts";

/** The configuration of a new project. */
export function newConfig() {
  return {
    database: {
      major_version: 15,
      ssl_enforced: false,
      network_restrictions: {
        entitlement: "allowed",
        status: "applied",
        allowed_cidrs: [{ address: "0.0.0.0/0", type: "v4" }],
      },
      postgres_settings: {},
    },
    pooler: {
      pool_mode: "transaction",
      ignore_startup_parameters: "extra_float_digits",
      server_idle_timeout: 600,
      server_lifetime: 3600,
      query_wait_timeout: 120,
      reserve_pool_size: 0,
      default_pool_size: 15,
      max_client_conn: 200,
    },
    auth: newAuthConfig(),
    api: {
      db_schema: "public,graphql_public",
      db_extra_search_path: "public, extensions",
      max_rows: 1000,
      db_pool: null,
      db_pool_acquisition_timeout: 10,
      db_pool_max_lifetime: 1800,
      db_pool_max_idletime: 30,
    },
    realtime: {
      private_only: false,
      max_concurrent_users: 200,
      max_events_per_second: 100,
      max_bytes_per_second: 100_000,
      max_channels_per_client: 100,
      max_joins_per_second: 100,
      max_presence_events_per_second: 100,
      max_payload_size_in_kb: 3000,
      presence_enabled: true,
      suspend: false,
      connection_pool: 2,
      postgres_changes_pool: null,
    },
    storage: {
      file_size_limit: 52_428_800,
      features: {
        image_transformation: { enabled: false },
        s3_protocol: { enabled: true },
        purge_cache: { enabled: false },
        iceberg_catalog: {
          enabled: false,
          max_namespaces: 5,
          max_tables: 10,
          max_catalogs: 2,
        },
        vector_buckets: { enabled: false, max_buckets: 10, max_indexes: 5 },
      },
      capabilities: {
        list_v2: true,
        iceberg_catalog: false,
        object_versioning: false,
      },
      upstream_target: "main",
      migration_version: null,
    },
  };
}

/** Changes a part of the configuration. A field that the part does not have is refused. */
export function patchConfig(
  part: Record<string, unknown>,
  body: unknown,
): Record<string, unknown> {
  if (typeof body !== "object" || body === null) {
    throw new Refused(400, "Bad Request");
  }
  for (const [name, value] of Object.entries(body)) {
    const present = part[name];
    if (
      present === undefined ||
      present !== null && typeof present !== typeof value
    ) {
      throw new Refused(400, `${name}: invalid`);
    }
    part[name] = value;
  }
  return part;
}

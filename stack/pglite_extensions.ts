import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { unaccent } from "@electric-sql/pglite/contrib/unaccent";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";

/** Extensions that Supabase has, beside the pgcrypto that lite brings: `create extension` finds them. */
export const extensions = { btree_gist, citext, pg_trgm, unaccent, uuid_ossp };

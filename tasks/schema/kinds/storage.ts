import { type Kind, TABLE } from "../../../drift/live/kind.ts";
import { notOfExtension, ownSchemas } from "../../../drift/sql/scope.ts";

/** How a table is kept: persistence, storage parameters, partitions, parents, what replication sends of a row. */
export const storage: Kind = {
  name: "storage of",
  query: `
    select ${TABLE} as key, ${TABLE} as owner, concat_ws(', ',
      case c.relpersistence when 'u' then 'unlogged' end,
      array_to_string(c.reloptions, ', '),
      'partition by ' || pg_catalog.pg_get_partkeydef(c.oid),
      pg_catalog.pg_get_expr(c.relpartbound, c.oid),
      (select 'inherits ' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
        from pg_catalog.pg_inherits i where i.inhrelid = c.oid),
      case when c.relreplident <> 'd' then 'replica identity ' || c.relreplident::text end) as definition
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and ${ownSchemas("n")} and ${
    notOfExtension("pg_class", "c.oid")
  }`,
};

/** The options there are: Debian's 15.20 writes another one, `pg_attver`, with a number of its own on each column. */
const OPTIONS =
  `(select string_agg(o, ', ' order by o) from unnest(a.attoptions) o
  where o like 'n\\_distinct%')`;

/** Columns whose collation, compression or storage is not their type's. */
export const columnStorage: Kind = {
  name: "storage of column",
  query: `
    select ${TABLE} || '.' || quote_ident(a.attname) as key, ${TABLE} as owner, concat_ws(', ',
      case when a.attcollation <> t.typcollation then 'collate ' || a.attcollation::regcollation::text end,
      case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
      nullif('compression ' || a.attcompression::text, 'compression '),
      ${OPTIONS}) as definition
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_type t on t.oid = a.atttypid
    join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and ${
    ownSchemas("n")
  } and ${notOfExtension("pg_class", "c.oid")}
      and (a.attcollation <> t.typcollation or a.attstorage <> t.typstorage
        or a.attcompression <> '' or ${OPTIONS} is not null)`,
};

/** Sequences that are not a column's identity. */
export const sequences: Kind = {
  name: "sequence",
  query: `
    select ${TABLE} as key, null as owner,
      format('%s start %s increment %s from %s to %s cache %s', s.seqtypid::regtype, s.seqstart, s.seqincrement,
        s.seqmin, s.seqmax, s.seqcache) || case when s.seqcycle then ' cycle' else '' end
      || coalesce((select format(' owned by %s.%I', d.refobjid::regclass, a.attname)
        from pg_catalog.pg_depend d
        join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'a'), '') as definition
    from pg_catalog.pg_sequence s
    join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${ownSchemas("n")} and not exists (select from pg_catalog.pg_depend d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('i', 'e'))`,
};

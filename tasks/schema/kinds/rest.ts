import { type Kind, TABLE } from "../../../drift/live/kind.ts";
import { notOfExtension, ownSchemas } from "../../../drift/sql/scope.ts";

/** Settings of roles in this database, such as pgrst.db_pre_request of the role authenticator. */
export const settings: Kind = {
  name: "setting",
  query: `
    select case when s.setrole = 0 then 'everybody' else s.setrole::regrole::text end
        || ' ' || split_part(u.setting, '=', 1) as key,
      null as owner, substr(u.setting, strpos(u.setting, '=') + 1) as definition
    from pg_catalog.pg_db_role_setting s cross join lateral unnest(s.setconfig) u (setting)
    where s.setdatabase = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())`,
};

/** Publications with their tables. */
export const publications: Kind = {
  name: "publication",
  query: `
    select quote_ident(p.pubname) as key, null as owner,
      concat_ws(', ', case when p.puballtables then 'all tables' end, case when p.pubinsert then 'insert' end,
        case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end,
        case when p.pubtruncate then 'truncate' end,
        (select string_agg(format('%I.%I', t.schemaname, t.tablename), ', ' order by 1)
          from pg_catalog.pg_publication_tables t where t.pubname = p.pubname)) as definition
    from pg_catalog.pg_publication p`,
};

/** Extensions with their schemas. */
export const extensions: Kind = {
  name: "extension",
  query: `
    select quote_ident(e.extname) as key, null as owner, e.extnamespace::regnamespace::text as definition
    from pg_catalog.pg_extension e`,
};

/** Triggers on commands of the schema's. */
export const eventTriggers: Kind = {
  name: "event trigger",
  query: `
    select quote_ident(e.evtname) as key, null as owner,
      concat_ws(' ', e.evtevent, array_to_string(e.evttags, ', '), e.evtfoid::regprocedure::text, e.evtenabled::text) as definition
    from pg_catalog.pg_event_trigger e`,
};

/** Rules, aggregates, extended statistics: there are none, and here it would be seen. */
export const others: Kind = {
  name: "object",
  query: `
    select ${TABLE} || '.' || quote_ident(r.rulename) as key, ${TABLE} as owner,
      pg_catalog.pg_get_ruledef(r.oid) as definition
    from pg_catalog.pg_rewrite r join pg_catalog.pg_class c on c.oid = r.ev_class
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where r.rulename <> '_RETURN' and ${ownSchemas("n")}
    union all
    select s.stxrelid::regclass || '.' || quote_ident(s.stxname), s.stxrelid::regclass::text,
      pg_catalog.pg_get_statisticsobjdef(s.oid)
    from pg_catalog.pg_statistic_ext s join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
    where ${ownSchemas("n")}
    union all
    select p.oid::regprocedure::text, null, concat_ws(' ', a.aggtransfn::text, a.aggfinalfn::text,
      a.aggtranstype::regtype::text, a.agginitval)
    from pg_catalog.pg_aggregate a join pg_catalog.pg_proc p on p.oid = a.aggfnoid
    join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where ${ownSchemas("n")} and ${notOfExtension("pg_proc", "p.oid")}`,
};

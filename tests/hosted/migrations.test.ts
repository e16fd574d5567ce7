import { assertEquals } from "@std/assert";
import {
  type Migration,
  readMigrations,
  runFile,
} from "../../stack/migrations.ts";
import { MIGRATIONS_DIR } from "../../stack/paths.ts";
import { postgresSession } from "../../stack/session.ts";
import { NO_DEFAULT_GRANTS, runSql } from "../support/servers.ts";
import { describeCatalog, describeGrants } from "./catalog.ts";
import { hostedTest, onConnection, onNewProject } from "./hosted.ts";

/** Where the baseline ends, which runs once: production has it, and it is marked as applied there. */
const FIRST_OF_OURS = "20260324";

/** Locks that keep somebody from signing in, or from refreshing a session, until the file is through. */
const LOCKS = `
select distinct c.relname || ' ' || l.mode as lock
from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
where l.pid = pg_backend_pid() and l.granted and c.relnamespace = 'auth'::regnamespace and c.relkind = 'r'
  and l.mode not in ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')
order by 1`;

hostedTest(
  "every migration runs as postgres over one connection, and a second time changes nothing and locks nothing of auth",
  (url) =>
    onNewProject(url, (project) =>
      onConnection(project, async (sql) => {
        const migrations = await readMigrations(MIGRATIONS_DIR);
        const session = postgresSession(sql);
        const run = async ({ file, sql: text }: Migration) => {
          let locks: unknown[] = [];
          await runFile(session, file, text, async () => {
            locks = (await session.query(LOCKS)).map(({ lock }) => lock);
          });
          return locks;
        };
        for (const migration of migrations) await run(migration);
        const before = await describeCatalog(session);

        const locking: Record<string, unknown[]> = {};
        for (const migration of migrations) {
          if (migration.version < FIRST_OF_OURS) continue;
          const locks = await run(migration);
          if (locks.length > 0) locking[migration.file] = locks;
        }
        const changes = changesOf(before, await describeCatalog(session));
        assertEquals({ ...changes, locking }, {
          gone: [],
          added: [],
          locking: {},
        });
      })),
);

hostedTest(
  "the migrations grant the same where new tables are everybody's and where they are nobody's",
  async (url) => {
    const migrations = await readMigrations(MIGRATIONS_DIR);
    const grants = async (prepare: string) => {
      let found: string[] = [];
      await onNewProject(url, async (project) => {
        await runSql(project, prepare);
        await onConnection(project, async (sql) => {
          const session = postgresSession(sql);
          for (const { file, sql: text } of migrations) {
            await runFile(session, file, text, async () => {});
          }
          found = await describeGrants(session);
        });
      });
      return found;
    };
    const everybodys = await grants(DEFAULT_GRANTS);
    const nobodys = await grants(`${NO_DEFAULT_GRANTS}
      alter default privileges in schema public
        revoke execute on functions from anon, authenticated, service_role;`);
    assertEquals(changesOf(nobodys, everybodys), { gone: [], added: [] });
  },
);

/** What is in one alone: the whole is too long to read. */
function changesOf(before: string[], after: string[]) {
  const only = (some: string[], others: string[]) => {
    const known = new Set(others);
    return some.filter((line) => !known.has(line));
  };
  return { gone: only(before, after), added: only(after, before) };
}

/** As in projects made before 2026-10-30; the server may be set up as a newer one. */
const DEFAULT_GRANTS = ["tables", "sequences", "functions"].map((objects) =>
  `alter default privileges in schema public
     grant all on ${objects} to anon, authenticated, service_role;`
).join("\n");

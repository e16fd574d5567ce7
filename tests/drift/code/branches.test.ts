import { assertEquals } from "@std/assert";
import { printed } from "./scanned.ts";

function queries(code: string): string[] {
  return printed({
    "src/a.tsx": `
      import { createClient } from "@supabase/supabase-js";
      const supabase = createClient(url, key);
      ${code}
    `,
  }).sort();
}

const TASKS = `from("tasks").select("*").eq("assignee_id", ?)`;
const PROJECTS = `from("projects").select("*").eq("owner_id", ?)`;

/** One query of tasks and one of projects, each with its own filter. */
const CORRELATED: Record<string, string> = {
  "if in a helper that is given the query": `
    function scoped(table, q) {
      if (table === "tasks") return q.eq("assignee_id", me);
      if (table === "projects") return q.eq("owner_id", me);
      return q;
    }
    scoped("tasks", supabase.from("tasks").select("*"));
    scoped("projects", supabase.from("projects").select("*"));`,
  "switch in a helper that makes it": `
    function list(table) {
      let query = supabase.from(table).select("*");
      switch (table) {
        case "tasks": query = query.eq("assignee_id", me); break;
        case "projects": query = query.eq("owner_id", me); break;
      }
      return query;
    }
    await list("tasks"); await list("projects");`,
  "switch with returns": `
    const withScope = (q: any, table: string) => {
      switch (table) {
        case "tasks": return q.eq("assignee_id", me);
        default: return q.eq("owner_id", me);
      }
    };
    const load = (table: string) => withScope(supabase.from(table).select("*"), table);
    load("tasks"); load("projects");`,
  "a loop over names": `
    for (const table of ["tasks", "projects"] as const) {
      let q = supabase.from(table).select("*");
      if (table === "tasks") q = q.eq("assignee_id", me);
      else q = q.eq("owner_id", me);
      await q;
    }`,
  "a ternary of columns": `
    ["tasks", "projects"].map(async (table) => {
      const column = table === "tasks" ? "assignee_id" : "owner_id";
      return await supabase.from(table).select("*").eq(column, me);
    });`,
  "rows of a list": `
    const SOURCES = [
      { table: "tasks", column: "assignee_id" },
      { table: "projects", column: "owner_id" },
    ];
    for (const { table, column } of SOURCES) {
      await supabase.from(table).select("*").eq(column, me);
    }`,
  "two maps with the same keys": `
    const TABLES = { task: "tasks", project: "projects" };
    const COLUMNS = { task: "assignee_id", project: "owner_id" };
    function useItems(kind: keyof typeof TABLES) {
      return useQuery({ queryFn: () => supabase.from(TABLES[kind]).select("*").eq(COLUMNS[kind], me) });
    }`,
  "a map of maps": `
    const CONFIG = {
      task: { table: "tasks", column: "assignee_id" },
      project: { table: "projects", column: "owner_id" },
    } as const;
    export async function load(kind: string) {
      const { table, column } = CONFIG[kind];
      return supabase.from(table).select("*").eq(column, me);
    }`,
  "the same test twice": `
    async function load(isTask: boolean) {
      const query = isTask ? supabase.from("tasks").select("*") : supabase.from("projects").select("*");
      if (isTask) query.eq("assignee_id", me); else query.eq("owner_id", me);
      return await query;
    }`,
  "the same test of both arguments": `
    const load = (isTask: boolean) =>
      supabase.from(isTask ? "tasks" : "projects").select("*").eq(isTask ? "assignee_id" : "owner_id", me);`,
  "a name and its column chosen together": `
    let table = "tasks";
    let column = "assignee_id";
    if (kind === "project") { table = "projects"; column = "owner_id"; }
    const query = kind === "project"
      ? supabase.from("projects").select("*").eq("owner_id", me)
      : supabase.from("tasks").select("*").eq("assignee_id", me);`,
  "a parameter with a type": `
    export async function mine(table: "tasks" | "projects") {
      let q = supabase.from(table).select("*");
      if (table === "tasks") { q = q.eq("assignee_id", me); }
      if (table !== "tasks") { q = q.eq("owner_id", me); }
      return q;
    }`,
  "curried": `
    const from = (table) => (me) =>
      supabase.from(table).select("*").eq(table === "tasks" ? "assignee_id" : "owner_id", me);
    from("tasks")(user.id); from("projects")(user.id);`,
  "curried with the query last": `
    const mine = (table: string) => (q) =>
      table === "tasks" ? q.eq("assignee_id", me) : q.eq("owner_id", me);
    mine("tasks")(supabase.from("tasks").select("*"));
    mine("projects")(supabase.from("projects").select("*"));`,
  "a service class": `
    class Repository {
      constructor(private client, private table: string) {}
      private scope(query) {
        if (this.table === "tasks") return query.eq("assignee_id", me);
        return query.eq("owner_id", me);
      }
    }
    const tasks = supabase.from("tasks").select("*").eq("assignee_id", me);
    const projects = supabase.from("projects").select("*").eq("owner_id", me);`,
  "an options object": `
    async function list({ table, isTask }) {
      let q = supabase.from(table).select("*");
      if (isTask) q = q.eq("assignee_id", me);
      if (!isTask) q = q.eq("owner_id", me);
      return q;
    }
    list({ table: "tasks", isTask: true });
    list({ table: "projects", isTask: false });`,
};

Deno.test("a branch belongs to the query that comes to it", () => {
  for (const [title, code] of Object.entries(CORRELATED)) {
    assertEquals(queries(code), [PROJECTS, TASKS], title);
  }
});

Deno.test("properties that are set or taken away for one table are no matter of another", () => {
  assertEquals(
    queries(`
      const TABLES = { Gym: "gyms", Profile: "profiles" };
      function rowOf(entity, payload, user) {
        const table = TABLES[entity];
        const next = { ...payload };
        if (table === "gyms") { next.owner_id = user.id; delete next.gym_name; }
        if (table === "profiles") next.user_id = user.id;
        return next;
      }
      const save = (entity, payload, user) =>
        supabase.from(TABLES[entity]).insert(rowOf(entity, payload, user));
      save("Gym", { gym_name: "x", city: "y" }, me);
      save("Profile", { bio: "x" }, me);
    `),
    [
      `from("gyms").insert({ city: "y", owner_id: ?, … })`,
      `from("profiles").insert({ bio: "x", user_id: ?, … })`,
    ],
  );
});

Deno.test("a list of names with branches, embeds and orders of their own is read name by name", () => {
  assertEquals(
    queries(`
      async function rows({ table, columns }: { table: string; columns: string[] }, flag = false) {
        const isClass = ["sessions", "enrollments"].includes(table);
        const isDeep = ["dismissals"].includes(table);
        const relation = isClass ? ",class:classes!inner(flag)" : isDeep ? ",session:sessions!inner(id)" : "";
        let query = supabase.from(table).select(columns.join(",") + relation);
        if (table === "classes") query = query.eq("flag", flag);
        if (isClass) query = query.eq("class.flag", flag);
        return await query.order(table === "flags" ? "key" : "id");
      }
      await Promise.all([
        rows({ table: "classes", columns: ["id", "flag"] }, true),
        rows({ table: "sessions", columns: ["id"] }),
        rows({ table: "dismissals", columns: ["id"] }),
        rows({ table: "flags", columns: ["key"] }),
      ]);
      const SELECT = { articles: "id, title", profiles: "id, name" };
      for (const table of ["articles", "profiles"]) {
        let query = supabase.from(table).select(SELECT[table] || "id");
        if (table === "profiles") query = query.eq("is_admin", false);
        const { data } = await query;
      }
    `),
    [
      `from("articles").select("id, title")`,
      `from("classes").select("id,flag").eq("flag", true).order("id")`,
      `from("dismissals").select("id,session:sessions!inner(id)").order("id")`,
      `from("flags").select("key").order("key")`,
      `from("profiles").select("id, name").eq("is_admin", false)`,
      `from("sessions").select("id,class:classes!inner(flag)").eq("class.flag", false).order("id")`,
    ],
  );
});

Deno.test("what no call decides belongs to every query", () => {
  assertEquals(
    queries(`
      async function list(table: string, mine: boolean) {
        let q = supabase.from(table).select("*");
        if (mine) q = q.eq("owner_id", me);
        return q;
      }
      list("tasks", flag); list("projects", other);
    `),
    [
      `from("projects").select("*").eq("owner_id", ?)`,
      `from("tasks").select("*").eq("owner_id", ?)`,
    ],
  );
});

Deno.test("a variable that is counted or assigned in a callback decides nothing", () => {
  assertEquals(
    queries(`
      async function list(table: string) {
        let tries = 0; let done = false;
        rows.forEach(() => { done = true; });
        tries++;
        let q = supabase.from(table).select("*");
        if (tries > 0) q = q.limit(1);
        if (done) q = q.eq("id", me);
        return q;
      }
      list("tasks");
    `),
    [`from("tasks").select("*").limit(1).eq("id", ?)`],
  );
});

/** Clients, and buckets that are no tables. */
const CLIENTS: Record<string, string> = {
  "a client that is made later": `
    let client;
    client = createClient(url, key);
    client.from("tasks").select("*");
    client.storage.from("files").update("a", file);`,
  "a client that is made when it is needed": `
    let db = null;
    export function getDb() { if (!db) db = createClient(url, key); return db; }
    getDb().from("tasks").select("*");
    getDb().storage.from("files").remove(["a"]);`,
  "a client of a test": `
    let client: any;
    beforeAll(async () => { client = createClient(url, key); });
    it("x", async () => {
      await client.from("tasks").select("*");
      await client.storage.from("files").list();
      await client.storage.from(BUCKET).update("a", file);
    });`,
  "storage under a name": `
    let client;
    client = createClient(url, key);
    const { storage } = client;
    storage.from("files").update("a", file);
    const bucket = client.storage;
    bucket.from("files").update("a", file);
    const files = client.storage.from("files");
    files.update("a", file);
    client.from("tasks").select("*");`,
  "a client by itself": `
    let client;
    function get() { client = client ?? createClient(url, key); return client; }
    get().storage.from("files").update("a", file);
    get().from("tasks").select("*");`,
  "a client of a class": `
    class Store {
      client;
      private bucket = this.client.storage;
      constructor() { this.client = createClient(url, key); }
      upload() { return this.client.storage.from("files").update("a", file); }
      replace() { return this.bucket.from("files").update("a", file); }
      list() { return this.client.from("tasks").select("*"); }
    }`,
};

Deno.test("a client is one however it is made, and its buckets are no tables", () => {
  for (const [title, code] of Object.entries(CLIENTS)) {
    assertEquals(queries(code), [`from("tasks").select("*")`], title);
  }
});

import { assertEquals } from "@std/assert";
import { errorsIn, printed, rolesIn } from "./scanned.ts";

Deno.test("a helper that forwards names is read once for each of its calls, across files", () => {
  const files = {
    "src/db.ts": `
      const client = createClient<Database>(url, Deno.env.get("ANON_KEY"));
      export const call = (name, args) => client.rpc(name, args);
      export async function must(answer) {
        const { data, error } = await answer;
        if (error) throw error;
        return data;
      }
    `,
    "src/a.ts": `
      import { call as rpc, must } from "./db.ts";
      const { data, error } = await rpc("first", { p_a: 1 });
      if (error) throw error;
    `,
    "src/b.ts": `
      import * as db from "@/db";
      const rows = await db.must(db.call("second", {}));
    `,
  };
  assertEquals(printed(files).sort(), [
    `rpc("first", { p_a: 1 })`,
    `rpc("second", {  })`,
  ]);
  assertEquals(errorsIn(files), ["read", "read"]);
});

Deno.test("a method of an object that a function makes is followed with the client it closes over", () => {
  const files = {
    "shared/database.ts": `
      export function asService() { return caller({ apikey: secretKey() }); }
      export function asUser(token: string) {
        return caller({ apikey: publishableKey(), Authorization: \`Bearer \${token}\` });
      }
      function caller(headers: Record<string, string>) {
        const client = new PostgrestClient<Database>(url, { headers });
        return { async call(name, args) { return must(await client.rpc(name, args)); } };
      }
    `,
    "a/index.ts": `
      import { asService, asUser } from "../shared/database.ts";
      await asService().call("as_service", {});
      await asUser(token).call("as_user", {});
    `,
  };
  assertEquals(printed(files).sort(), [
    `rpc("as_service", {  })`,
    `rpc("as_user", {  })`,
  ]);
  assertEquals(rolesIn(files).sort(), ["authenticated", "service_role"]);
});

Deno.test("a class is followed from its constructor to its methods", () => {
  assertEquals(
    printed(`
      class Repository {
        constructor(private readonly db: SupabaseClient, private table: string) {}
        find(column: string, value: unknown) {
          return this.db.from(this.table).select().eq(column, value);
        }
      }
      await new Repository(client, "orders").find("buyer_id", 3);
    `),
    [`from("orders").select().eq("buyer_id", 3)`],
  );
});

Deno.test("a helper's own values stand beside what it is given", () => {
  assertEquals(
    printed(`
      async function given(values = {}) {
        return await supabase.from("programs").insert({ slug: "x", ...values });
      }
      await given({ name: "n" }); await given();
    `),
    [
      `from("programs").insert({ slug: "x" })`,
      `from("programs").insert({ slug: "x", name: "n" })`,
    ],
  );
});

Deno.test("a helper that nobody calls is read by itself", () => {
  assertEquals(
    printed(`
      export async function load(db: SupabaseClient, table: string, id: string) {
        await db.from(table).select().eq("id", id);
        await db.from("fixed").select().eq("id", id);
      }
    `),
    [`from(?).select().eq("id", ?)`, `from("fixed").select().eq("id", ?)`],
  );
});

Deno.test("a callback is given what the function that takes it calls it with", () => {
  const code = `
    async function withDatabase(work) {
      const db = createClient(url, process.env.SERVICE_ROLE_KEY);
      return await work(db, "orders");
    }
    await withDatabase(async (it, table) => { await it.from(table).select(); });
  `;
  assertEquals(printed(code), [`from("orders").select()`]);
  assertEquals(rolesIn(code), ["service_role"]);
});

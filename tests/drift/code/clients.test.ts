import { assertEquals } from "@std/assert";
import { chainsOf, printed } from "./scanned.ts";

Deno.test("a client is known by how it is made, whatever it is called", () => {
  const made = [
    `import { createClient } from "@supabase/supabase-js"; const x = createClient(url, key);`,
    `import { createClient } from "https://esm.sh/@supabase/supabase-js@2"; const x = createClient(url, key);`,
    `import { createServerClient } from "@supabase/ssr"; const x = createServerClient(url, key);`,
    `import { PostgrestClient } from "npm:@supabase/postgrest-js"; const x = new PostgrestClient(url);`,
    `const { createClient } = require("@supabase/supabase-js"); const x = createClient(url, key);`,
    `import { anything as x } from "@/integrations/supabase/client";`,
    `import x from "./supabase";`,
    `const x = useSupabase();`,
    `const { supabase: x } = useContext(Everything);`,
    `import type { SupabaseClient } from "@supabase/supabase-js"; let x: SupabaseClient;`,
    `class C { x = createClient(url, key); go() { const x = this.x; USE } }`,
    `interface Context { x: SupabaseClient } function go({ x }: Context) { USE }`,
  ];
  for (const code of made) {
    // without a verb, nothing but the client tells
    const use = `x.from("profiles")`;
    assertEquals(
      printed(code.includes("USE") ? code.replace("USE", use) : code + use),
      [`from("profiles")`],
      code,
    );
  }
});

Deno.test("an unknown receiver is a client when a query follows", () => {
  assertEquals(
    printed(`
      thing.from("a").select("id");
      this.db.from("b").insert({ id: 1 });
      context.get().rpc("do_it", { p_id: 1 });
    `),
    [
      `from("a").select("id")`,
      `from("b").insert({ id: 1 })`,
      `rpc("do_it", { p_id: 1 })`,
    ],
  );
});

Deno.test("what else has a from or an rpc is no client", () => {
  assertEquals(
    printed(`
      import knex from "knex";
      import { createClient } from "redis";
      import type { Knex } from "knex";
      Array.from("abc"); Buffer.from("abc"); Uint8Array.from(bytes);
      Observable.from("abc").select(); Temporal.PlainDate.from("2026-01-01");
      supabase.storage.from("avatars").upload(path, file);
      const { storage } = supabase; storage.from("avatars").select();
      const bucket = supabase.storage; bucket.from("avatars").update(path, file);
      knex({}).from("users").select("id");
      createClient().from("users").select("id");
      function old(k: Knex) { return k.from("users").select("id"); }
      const fake = { from: () => fake, select: () => fake }; fake.from("users").select();
      wallet.rpc("eth_call", [1]); server.rpc("users.list", {});
      gsap.from(".box", { x: 1 }); queue.from("a").to("b");
    `),
    [],
  );
});

Deno.test("a schema is that of the call, else that of the client", () => {
  assertEquals(
    printed(`
      const client = createClient(url, key, { db: { schema: "api" } });
      client.from("a"); client.schema("private").rpc("f");
      const other = supabase.schema("audit"); other.from("log").select();
    `),
    [
      `schema("api").from("a")`,
      `schema("private").rpc("f")`,
      `schema("audit").from("log").select()`,
    ],
  );
});

Deno.test("a client is typed when it is made with a type, and a cast to any undoes that", () => {
  const code = `
    const typed = createClient<Database>(url, key); typed.from("a").select();
    const untyped = createClient(url, key); untyped.from("a").select();
    const annotated: SupabaseClient<Database> = make(); annotated.from("a").select();
    (typed as any).from("a").select();
    supabase.from("a").select();
  `;
  assertEquals(
    chainsOf(code).map(({ client }) => client.typed),
    [true, false, true, false, undefined],
  );
});

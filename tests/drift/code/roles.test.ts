import { assertEquals } from "@std/assert";
import { rolesIn } from "./scanned.ts";

const ROLES: Readonly<Record<string, string>> = {
  [`createClient(url, Deno.env.get("SUPABASE_SERVICE_ROLE_KEY")!)`]:
    "service_role",
  [`createClient(url, process.env.SUPABASE_SECRET_KEY)`]: "service_role",
  [`createClient(url, import.meta.env.VITE_SUPABASE_ANON_KEY)`]:
    "anon|authenticated",
  [`createBrowserClient(url, env.SUPABASE_PUBLISHABLE_KEY)`]:
    "anon|authenticated",
  [`createClient(url, anonKey, { global: { headers: { Authorization: request.headers.get("Authorization")! } } })`]:
    "authenticated",
  [`createClient(url, anonKey, { global: { headers: { Authorization: \`Bearer \${serviceKey}\` } } })`]:
    "service_role",
  [`new PostgrestClient(url, { headers: { apikey: secretKey() } })`]:
    "service_role",
  [`createClient(url, process.env.SUPABASE_KEY)`]: "",
  [`createClient(url, key)`]: "",
  [`createClient(url, process.env.SECRET_KEY ?? process.env.ANON_KEY)`]: "",
  [`useSupabaseClient()`]: "",
};

Deno.test("the role of a client is told by the names of its key and header, and never guessed", () => {
  for (const [made, role] of Object.entries(ROLES)) {
    assertEquals(rolesIn(`${made}.from("a").select();`), [role], made);
  }
});

Deno.test("a client that its maker signs in is a user's", () => {
  assertEquals(
    rolesIn(`
      async function createPerson() {
        const client = createClient(url, publishableKey);
        const { error } = await client.auth.signInWithPassword(login);
        return { name: "Ana", client };
      }
      const [person] = await Promise.all([createPerson()]);
      await person.client.from("a").select();
      const { client: other } = await createPerson();
      await other.from("b").select();
    `),
    ["authenticated", "authenticated"],
  );
});

Deno.test("a helper that is given different clients is read with the role of each", () => {
  assertEquals(
    rolesIn(`
      const visitor = createClient(url, anonKey); const service = createClient(url, serviceRoleKey);
      async function read(db) { return await db.from("a").select(); }
      await read(visitor); await read(service);
    `).sort(),
    ["anon|authenticated", "service_role"],
  );
});

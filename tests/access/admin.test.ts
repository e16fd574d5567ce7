import { assert, assertEquals, assertRejects } from "@std/assert";
import { requireAdmin } from "../../supabase/functions/_shared/auth.ts";
import { DatabaseError } from "../../supabase/functions/_shared/database.ts";
import { Meter } from "../../supabase/functions/_shared/meter.ts";
import { Refusal } from "../../supabase/functions/_shared/errors.ts";
import { createPerson, disable } from "../support/people.ts";
import { api } from "../support/stack.ts";

/** A request as a function sees it, in this process. */
async function request(token: string): Promise<Request> {
  const keys = await fetch(`${api.url}/auth/v1/.well-known/jwks.json`);
  const environment = {
    SUPABASE_URL: api.url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: api.publishableKey }),
    SUPABASE_JWKS: await keys.text(),
  };
  for (const [name, value] of Object.entries(environment)) {
    Deno.env.set(name, value);
  }
  return new Request(api.url, {
    headers: { Authorization: `Bearer ${token}` },
  });
}

Deno.test("an admin is let through by the role in the database, and by nothing else", async () => {
  const admin = await createPerson({ role: "admin" });
  const user = await requireAdmin(
    await request(admin.token),
    new Meter(),
  );
  if (user instanceof Refusal) throw new Error(user.code);
  assertEquals([user.id, user.token], [admin.id, admin.token]);
  for (const role of [undefined, "client", "coach", "instructor"] as const) {
    const { client, token } = await createPerson({ role });
    await client.auth.updateUser({ data: { role: "admin" } });
    const refused = await requireAdmin(await request(token), new Meter());
    assert(refused instanceof Refusal && refused.code === "forbidden", role);
  }
});

Deno.test("a disabled admin is let through no more, while the token still runs", async () => {
  const admin = await createPerson({ role: "admin" });
  await disable(admin);
  const refused = await request(admin.token);
  const error = await assertRejects(
    () => requireAdmin(refused, new Meter()),
    DatabaseError,
  );
  assert(error.isDisabledCaller);
});

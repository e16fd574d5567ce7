import { assertEquals } from "@std/assert";
import verify from "../../supabase/functions/verify-email-change/index.ts";
import { givenLink, mailKeysTo, profileOf } from "../support/identity.ts";
import { createPerson, uniqueEmail } from "../support/people.ts";
import { api, secretClient } from "../support/stack.ts";

/** What becomes of a request to Auth's admin API: it does not get there, or its answer is lost. */
type Fault = "request lost" | "answer lost";

/** A Supabase whose Auth fails, in front of the one under test. */
function faultySupabase(fault: Fault) {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const isAuth = pathname.startsWith("/auth/v1/");
      const lost = Response.json({ msg: "away" }, { status: 503 });
      if (isAuth && fault === "request lost") return lost;
      const response = await fetch(api.url + pathname + search, {
        method: request.method,
        headers: request.headers,
        body: await request.arrayBuffer(),
      });
      const body = await response.arrayBuffer();
      if (isAuth) return lost;
      return new Response(body, {
        status: response.status,
        headers: { "Content-Type": "application/json" },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The function in this process, at a given time and against a given Supabase. */
async function verifyAt(token: string, url: string, now: Date) {
  Deno.env.set("SUPABASE_URL", url);
  Deno.env.set(
    "SUPABASE_SECRET_KEYS",
    JSON.stringify({ default: api.secretKey }),
  );
  try {
    const response = await verify.fetchAt(
      new Request("http://localhost/verify-email-change", {
        method: "POST",
        body: JSON.stringify({ token }),
      }),
      now,
    );
    return { status: response.status, code: (await response.json()).code };
  } finally {
    Deno.env.set("SUPABASE_URL", api.url);
  }
}

for (const fault of ["request lost", "answer lost"] as const) {
  Deno.test(`with Auth away (${fault}), verify-email-change says 503 and the same link finishes a minute later`, async () => {
    const person = await createPerson();
    const newEmail = uniqueEmail();
    const token = await givenLink({ person, newEmail });
    const now = new Date();
    const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
    await using supabase = faultySupabase(fault);

    assertEquals(await verifyAt(token, supabase.url, now), {
      status: 503,
      code: "unavailable",
    });
    const { data } = await secretClient().auth.admin.getUserById(person.id);
    assertEquals(
      data.user?.email,
      fault === "request lost" ? person.email : newEmail,
    );
    assertEquals(await mailKeysTo(person.email), []);

    assertEquals(await verifyAt(token, api.url, after(30)), {
      status: 409,
      code: "verification_under_way",
    });
    assertEquals(await verifyAt(token, api.url, after(61)), {
      status: 200,
      code: undefined,
    });
    assertEquals((await profileOf(person.id)).email, newEmail);
    assertEquals(await mailKeysTo(person.email), ["email_changed"]);
    assertEquals(await verifyAt(token, api.url, after(122)), {
      status: 409,
      code: "already_verified",
    });
  });
}

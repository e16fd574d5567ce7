import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../support/eventually.ts";
import { type ScratchStack, scratchStack } from "./scratch.ts";

const CONFIG = `
[functions.echo]
verify_jwt = false

[functions.locked]

[functions.off]
enabled = false

[functions.broken]
verify_jwt = false

[functions.greeting]
verify_jwt = false
`;

const ECHO = `
const writeLater = (file: string) =>
  new Promise((done) => setTimeout(done, 300)).then(() => Deno.writeTextFile(file, ""));
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    switch (pathname) {
      case "/echo/environment":
        return Response.json(Deno.env.toObject());
      case "/echo/gzip": {
        const body = new Blob(["compressed ".repeat(1000)]).stream()
          .pipeThrough(new CompressionStream("gzip"));
        return new Response(body, { headers: { "content-encoding": "gzip", "content-type": "text/calendar" } });
      }
      case "/echo/plain":
        return new Response("plain ".repeat(1000), { headers: { "content-type": "text/plain" } });
      case "/echo/not-modified":
        return new Response(null, { status: 304, headers: { etag: '"tag"' } });
      case "/echo/throw":
        throw new Error("thrown on purpose");
      case "/echo/later":
        EdgeRuntime.waitUntil(writeLater(await request.text()));
        return new Response("sent");
      case "/echo/reject":
        Promise.reject(new Error("rejected on purpose"));
        return new Response("sent");
      case "/echo/exit":
        return Deno.exit(3);
      case "/echo/cookies":
        return new Response("", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
    }
    return Response.json({
      method: request.method,
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
  },
};
`;

const FILES = {
  "config.toml": CONFIG,
  "functions/.env": "FROM_FILE=file\nFROM_BOTH=file\n",
  "functions/echo/index.ts": ECHO,
  "functions/locked/index.ts": ECHO,
  "functions/off/index.ts": ECHO,
  "functions/unlisted/index.ts": ECHO,
  "functions/broken/index.ts": `throw new Error("does not load");`,
  "functions/_shared/greeting.ts": `export const greeting = "hello";`,
  "functions/greeting/index.ts": `
    import { greeting } from "../_shared/greeting.ts";
    export default { fetch: () => new Response(greeting) };`,
};

let stack: ScratchStack;

Deno.test.beforeAll(async () => {
  stack = await scratchStack(FILES, {
    FROM_SHELL: "shell",
    FROM_BOTH: "shell",
  });
});
Deno.test.afterAll(() => stack.stop());

const SHARED = { sanitizeOps: false, sanitizeResources: false };

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${stack.url}/functions/v1/${path}`, init);
}

async function statusOf(path: string, init?: RequestInit): Promise<number> {
  const response = await call(path, init);
  await response.body?.cancel();
  return response.status;
}

/** Sends a request as written and returns what comes back, undecoded. */
async function raw(head: string): Promise<{ head: string; body: Uint8Array }> {
  const { hostname, port } = new URL(stack.url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const request =
    `${head}\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const bytes = await new Response(connection.readable).bytes();
  const end = new TextDecoder("latin1").decode(bytes).indexOf("\r\n\r\n");
  return {
    head: new TextDecoder().decode(bytes.slice(0, end)).toLowerCase(),
    body: bytes.slice(end + 4),
  };
}

Deno.test(
  "a function sees method, path, query, headers and body as on the platform",
  SHARED,
  async () => {
    const response = await call("echo/a/b%20c?d=e", {
      method: "PUT",
      headers: { "x-own": "1", "x-forwarded-for": "203.0.113.7" },
      body: "text",
    });
    const { method, path, headers, body } = await response.json();
    assertEquals([method, path, body], ["PUT", "/echo/a/b%20c?d=e", "text"]);
    const { host } = new URL(stack.url);
    assertEquals(
      [
        headers["x-own"],
        headers.host,
        headers["x-forwarded-host"],
        headers["x-forwarded-proto"],
      ],
      ["1", host, host, "http"],
    );
    assertEquals(headers["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
  },
);

Deno.test(
  "a function gets no Accept-Encoding that the client did not send",
  SHARED,
  async () => {
    const { body } = await raw("GET /functions/v1/echo HTTP/1.1");
    const text = new TextDecoder().decode(body);
    assert(!text.includes("accept-encoding"), text);
  },
);

Deno.test("a gzip answer arrives as it was sent", SHARED, async () => {
  const { head, body } = await raw(
    "GET /functions/v1/echo/gzip HTTP/1.1\r\nAccept-Encoding: gzip",
  );
  assertMatch(head, /content-encoding: gzip/);
  assert(body.length < 1000, `${body.length} bytes`);
  const response = await call("echo/gzip");
  assertEquals(await response.text(), "compressed ".repeat(1000));
});

Deno.test("a plain answer is not compressed on the way", SHARED, async () => {
  const { head, body } = await raw(
    "GET /functions/v1/echo/plain HTTP/1.1\r\nAccept-Encoding: gzip",
  );
  assert(!head.includes("content-encoding"), head);
  assert(new TextDecoder().decode(body).includes("plain plain"));
});

Deno.test("304, HEAD and several cookies pass unchanged", SHARED, async () => {
  const notModified = await call("echo/not-modified");
  assertEquals([notModified.status, notModified.headers.get("etag")], [
    304,
    '"tag"',
  ]);
  const head = await call("echo/plain", { method: "HEAD" });
  assertEquals([head.status, await head.text()], [200, ""]);
  const cookies = await call("echo/cookies");
  assertEquals([cookies.headers.getSetCookie(), await cookies.text()], [[
    "a=1",
    "b=2",
  ], ""]);
});

Deno.test(
  "a function has the platform's variables, the defaults, its .env and the shell",
  SHARED,
  async () => {
    const env: Record<string, string> = await (await call("echo/environment"))
      .json();
    assertEquals(env.SUPABASE_URL, stack.url);
    assertMatch(
      JSON.parse(env.SUPABASE_PUBLISHABLE_KEYS ?? "").default,
      /^sb_publishable_/,
    );
    assertMatch(
      JSON.parse(env.SUPABASE_SECRET_KEYS ?? "").default,
      /^sb_secret_/,
    );
    const jwks =
      await (await fetch(`${stack.url}/auth/v1/.well-known/jwks.json`)).json();
    assertEquals(JSON.parse(env.SUPABASE_JWKS ?? ""), jwks);
    assertEquals(env.SITE_URL, "http://localhost:3000");
    assertEquals([env.FROM_FILE, env.FROM_SHELL, env.FROM_BOTH], [
      "file",
      "shell",
      "shell",
    ]);
  },
);

Deno.test(
  "verify_jwt is on unless config.toml says otherwise: no token and a bad one get 401",
  SHARED,
  async () => {
    assertEquals(await statusOf("locked"), 401);
    assertEquals(
      await statusOf("locked", { headers: { authorization: "Basic x" } }),
      401,
    );
    const bad = await call("locked", {
      headers: { authorization: "Bearer a.b.c" },
    });
    assertEquals([bad.status, await bad.json()], [401, { msg: "Invalid JWT" }]);
    assertEquals(await statusOf("locked", { method: "OPTIONS" }), 200);
  },
);

Deno.test("verify_jwt lets a user's token pass", SHARED, async () => {
  const client = stack.client("publishable");
  const credentials = { email: "locked@example.com", password: "long-enough" };
  const { error } = await client.auth.signUp(credentials);
  assertEquals(error, null);
  // drift-ignore unknown-edge-function: it is one of this test's own project
  const { data } = await client.functions.invoke("locked", { method: "GET" });
  assertEquals(data.path, "/locked");
});

Deno.test(
  "a function that is unknown, unlisted or disabled is 404",
  SHARED,
  async () => {
    assertEquals(await statusOf("nothing"), 404);
    assertEquals(await statusOf("unlisted"), 404);
    assertEquals(await statusOf("off"), 404);
  },
);

Deno.test(
  "an error in a function is a 500, and the function goes on",
  SHARED,
  async () => {
    assertEquals(await statusOf("echo/throw"), 500);
    assertEquals(await statusOf("echo/reject"), 200);
    assertEquals(await statusOf("echo"), 200);
    assert((await stack.log()).includes("thrown on purpose"));
  },
);

Deno.test(
  "a function whose process ends is started again",
  SHARED,
  async () => {
    assertEquals(await statusOf("echo/exit"), 500);
    assertEquals(await statusOf("echo"), 200);
  },
);

Deno.test(
  "a function that does not load is 503, until it does",
  SHARED,
  async () => {
    assertEquals(await statusOf("broken"), 503);
    await stack.project.write(
      "functions/broken/index.ts",
      `export default { fetch: () => new Response("mended") };`,
    );
    assertEquals(await (await call("broken")).text(), "mended");
  },
);

Deno.test(
  "a function is reloaded when a file changes that it imports",
  SHARED,
  async () => {
    assertEquals(await (await call("greeting")).text(), "hello");
    await stack.project.write(
      "functions/_shared/greeting.ts",
      `export const greeting = "good day";`,
    );
    assertEquals(await (await call("greeting")).text(), "good day");
  },
);

Deno.test(
  "what a function goes on with after its answer is finished before it is reloaded",
  SHARED,
  async () => {
    const { folder } = stack.project;
    const isThere = () =>
      Deno.readDirSync(folder).some(({ name }) => name === "later");
    const sent = await call("echo/later", {
      method: "POST",
      body: `${folder}/later`,
    });
    assertEquals([await sent.text(), isThere()], ["sent", false]);
    await stack.project.write("functions/_shared/other.ts", "");
    assertEquals(await statusOf("echo"), 200);
    assert(await eventually(isThere));
  },
);

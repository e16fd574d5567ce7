import { assertEquals } from "@std/assert";
import { printed } from "./scanned.ts";

/** What a query is given, with a client before the code and what nobody knows of it around. */
function given(code: string): string[] {
  return printed({
    "src/a.tsx": `
      import { createClient } from "@supabase/supabase-js";
      const supabase = createClient(url, key);
      ${code}
    `,
  });
}

/** Code in which null never reaches the query. */
const NARROWED: Record<string, string> = {
  "an early return": `
    async function rename(id: string) {
      let name: string | null = null;
      if (form.ok) name = "x";
      if (!name) return;
      await supabase.from("t").insert({ name });
    }`,
  "an early throw": `
    const owner = session ? session.user.id : null;
    if (owner === null) throw new Error("no owner");
    await supabase.from("t").insert({ owner });`,
  "continue": `
    for (const row of rows) {
      const slug = row.title ? slugify(row.title) : null;
      if (slug == null) continue;
      await supabase.from("t").insert({ slug });
    }`,
  "a branch": `
    const plan = user ? user.plan : null;
    if (plan) { await supabase.from("t").update({ plan }).eq("id", 1); }`,
  "a nested test": `
    const plan = user ? user.plan : null;
    if (isOpen && plan !== null) supabase.from("t").update({ plan }).eq("id", 1);`,
  "and": `
    const plan = user ? user.plan : null;
    plan && supabase.from("t").update({ plan }).eq("id", 1);`,
  "a ternary": `
    const plan = user ? user.plan : null;
    const row = plan ? { plan } : { plan: "free" };
    await supabase.from("t").insert(row);`,
  "what stands in": `
    const plan = user ? user.plan : null;
    await supabase.from("t").insert({ plan: plan ?? "free", name: plan || "free" });`,
  "typeof": `
    const plan = user ? user.plan : null;
    if (typeof plan !== "string") return;
    await supabase.from("t").insert({ plan });`,
  "a flag": `
    const plan = user ? user.plan : null;
    const hasPlan = plan !== null && plan.length > 0;
    if (!hasPlan) return;
    await supabase.from("t").insert({ plan });`,
  "not found": `
    export default async function Page({ params }) {
      const id = params.id ? decode(params.id) : null;
      if (!id) notFound();
      await supabase.from("t").insert({ id });
    }`,
  "a validator of its own": `
    function slugOf(title) { if (!title) return null; return title.toLowerCase(); }
    export async function POST(request) {
      const slug = slugOf((await request.json()).title);
      if (!slug) return new Response(null, { status: 400 });
      await supabase.from("t").insert({ slug });
    }`,
  "the caller's look": `
    async function save(slug: string | null) { await supabase.from("t").insert({ slug }); }
    const slug = input ? input.slug : null;
    if (slug) await save(slug);`,
  "a look of the helper": `
    async function save(slug: string | null) {
      if (!slug) return;
      await supabase.from("t").insert({ slug });
    }
    await save(null); await save("x");`,
  "an assertion": `
    const slug = input ? input.slug : null;
    invariant(slug, "no slug");
    await supabase.from("t").insert({ slug });`,
  "an assertion nobody knows": `
    const slug = input ? input.slug : null;
    assertIsDefined(slug);
    await supabase.from("t").insert({ slug });`,
  "enabled": `
    function useOrders(user) {
      const owner = user ? user.id : null;
      return useQuery({
        queryKey: ["orders", owner],
        enabled: !!owner,
        queryFn: async () => (await supabase.from("t").insert({ owner })).data,
      });
    }`,
  "enabled, with a function by name": `
    function useOrders(user) {
      const owner = user ? user.id : null;
      const load = async () => (await supabase.from("t").insert({ owner })).data;
      return useQuery(["orders"], load, { enabled: Boolean(owner) });
    }`,
  "a key of SWR": `
    function useOrders(user) {
      const owner = user ? user.id : null;
      return useSWR(owner ? ["orders", owner] : null, () => supabase.from("t").insert({ owner }));
    }`,
  "a button": `
    function Save({ user }) {
      const owner = user ? user.id : null;
      return <button disabled={!owner} onClick={() => supabase.from("t").insert({ owner })} />;
    }`,
  "what is rendered": `
    function Save({ user }) {
      const owner = user ? user.id : null;
      return <>{owner && <button onClick={() => supabase.from("t").insert({ owner })} />}</>;
    }`,
  "an early return around a handler": `
    function Save({ user }) {
      const owner = user ? user.id : null;
      if (!owner) return null;
      const save = () => supabase.from("t").insert({ owner });
      return <button onClick={save} />;
    }`,
  "both branches": `
    let org: string | null = null;
    if (existing) { org = existing.id; } else { org = (await create()).id; }
    await supabase.from("t").insert({ org });`,
  "a try": `
    let org: string | null = null;
    try { org = await find(); } catch { return; }
    await supabase.from("t").insert({ org });`,
  "a default by assignment": `
    let org = user ? user.org : null;
    if (!org) org = "home";
    await supabase.from("t").insert({ org });`,
  "a default by ??=": `
    let org = null;
    org ??= "home";
    await supabase.from("t").insert({ org });`,
  "a loop": `
    let last: string | null = null;
    for (const row of rows) { if (row.ok) last = row.id; }
    if (rows.length === 0) return;
    await supabase.from("t").insert({ last });`,
  "the same test": `
    let org: string | null = null;
    if (kind === "team") org = team.id;
    if (kind === "team") await supabase.from("t").insert({ org });`,
  "a switch": `
    const kind = team ? "team" : null;
    switch (kind) {
      case "team": await supabase.from("t").insert({ kind }); break;
    }`,
  "members": `
    const form = { name: user ? user.name : null };
    if (!form.name) return;
    await supabase.from("t").insert({ name: form.name });`,
  "members under another name": `
    const form = { name: user ? user.name : null };
    if (!form.name) return;
    const { name } = form;
    await supabase.from("t").insert({ name });`,
  "an object that is filled": `
    const form = { name: null, slug: "" };
    form.name = input.name;
    form.slug = slugify(input.name);
    await supabase.from("t").insert({ name: form.name, slug: form.slug });`,
  "a default that each caller overrides": `
    function save({ name = null, plan = null }) { return supabase.from("t").insert({ name, plan }); }
    save({ name: "a", plan: "b" });`,
  "state of a class": `
    class Session {
      private user: string | null = null;
      signIn(user: string) { this.user = user; }
      async save() { await supabase.from("t").insert({ user: this.user }); }
    }`,
  "state of a module": `
    let current: string | null = null;
    export function setCurrent(id: string) { current = id; }
    export async function save() { await supabase.from("t").insert({ user: current }); }`,
  "optional chains": `
    async function save(user: User | null) {
      if (!user) return;
      await supabase.from("t").insert({ owner: user?.id ?? null });
    }`,
  "the empty string by default": `
    const due = input ? input.due : "";
    await supabase.from("t").insert({ due: due ? due : "2026-01-01" });`,
  "a list of what is allowed": `
    const ALLOWED = ["a", "b"];
    const kind = input ? "a" : null;
    if (!ALLOWED.includes(kind)) return;
    await supabase.from("t").insert({ kind });`,
  "a test nobody knows": `
    const kind = input ? "a" : null;
    if (!isKind(kind)) return;
    await supabase.from("t").insert({ kind });`,
};

Deno.test("null that a test before the query rules out is not given to it", () => {
  for (const [title, code] of Object.entries(NARROWED)) {
    for (const line of given(code)) {
      assertEquals(/null|""/.test(line), false, `${title}: ${line}`);
      assertEquals(line.startsWith('from("t")'), true, title);
    }
  }
});

/** Code in which null does reach the query. */
const NULL: Record<string, string> = {
  "as it stands": `await supabase.from("t").insert({ name: null });`,
  "a constant":
    `const NOBODY = null; await supabase.from("t").insert({ name: NOBODY });`,
  "a choice": `await supabase.from("t").insert({ name: flag ? "x" : null });`,
  "what stands in":
    `await supabase.from("t").insert({ name: input.name ?? null });`,
  "what stands in for the empty":
    `await supabase.from("t").insert({ name: input.name || null });`,
  "in the branch where it is": `
    const name = flag ? "x" : null;
    if (name === null) await supabase.from("t").insert({ name });`,
  "after a test of something else": `
    const name = flag ? "x" : null;
    if (!user) return;
    await supabase.from("t").insert({ name });`,
  "one branch of two": `
    let name: string | null = null;
    if (flag) name = "x";
    await supabase.from("t").insert({ name });`,
  "a test that is over": `
    let name = flag ? "x" : null;
    if (name) log(name);
    await supabase.from("t").insert({ name });`,
  "given again": `
    let name = input.name;
    if (!name) return;
    name = null;
    await supabase.from("t").insert({ name });`,
  "a helper's argument": `
    function save(name: string | null) { return supabase.from("t").insert({ name }); }
    save(null);`,
  "a helper's result": `
    function nameOf(row) { if (!row) return null; return row.name; }
    await supabase.from("t").insert({ name: nameOf(input) });`,
  "a default": `
    function save({ name = null } = {}) { return supabase.from("t").insert({ name }); }
    save();`,
  "a row that is made before": `
    const row = { name: null, id: 1 };
    await supabase.from("t").insert(row);`,
  "in a list":
    `await supabase.from("t").insert(rows.map((row) => ({ id: row.id, name: null })));`,
};

Deno.test("null that reaches the query is given to it", () => {
  for (const [title, code] of Object.entries(NULL)) {
    const lines = given(code);
    assertEquals(
      /name: [^,}]*null/.test(lines.join()),
      true,
      `${title}: ${lines}`,
    );
  }
});

Deno.test("a value that is mapped before use is not what it is mapped from", () => {
  assertEquals(
    given(`
      for (const s of ["active", "cancelled"]) {
        supabase.from("t").update({ s: s === "cancelled" ? "paused" : s }).eq("id", 1);
      }
      const MAP = { done: "held", open: "scheduled" };
      const key = flag ? "done" : "open";
      supabase.from("t").update({ s: MAP[key] }).eq("id", 1);
      const day = input ? "2026-01-01" : "";
      supabase.from("t").update({ day: day ? day : null }).eq("id", 1);
      supabase.from("t").update({ day: day || null }).eq("id", 1);
      supabase.from("t").insert(days.flatMap((day) => hours.map((hour) => ({ day, hour: 1 }))));
    `),
    [
      `from("t").update({ s: "paused" | "active" }).eq("id", 1)`,
      `from("t").update({ s: "held" | "scheduled" }).eq("id", 1)`,
      `from("t").update({ day: "2026-01-01" | null }).eq("id", 1)`,
      `from("t").update({ day: "2026-01-01" | null }).eq("id", 1)`,
      `from("t").insert([{ day: ?, hour: 1 }, …])`,
    ],
  );
});

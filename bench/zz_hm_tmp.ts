import postgres from "postgres";
import { openDatabase } from "/work/main/stack/database.ts";
const base = Deno.readTextFileSync("/tmp/helper-maint.url").trim();
const server = postgres(base, {max:1,onnotice(){}});
await server.unsafe("drop database if exists hm with (force)"); await server.unsafe("create database hm");
const u = new URL(base); u.pathname="/hm";
await (await openDatabase({db:u.href, seed:false})).close();
let notices:string[]=[];
const sql = postgres(u.href,{max:1,onnotice:(n:any)=>notices.push(n.message)});
const n = Number(Deno.args[0]??1000);
await sql.unsafe(`
insert into public.plans (id, key,name,credit_allowance) values ('00000000-0000-4000-8000-000000000001','bench','bench',40);
insert into auth.users (id,email) select gen_random_uuid(), 'u'||i||'@example.com' from generate_series(1,${n}*0.8) i;
update public.profiles set plan_id='00000000-0000-4000-8000-000000000001', created_at='2020-01-01';
insert into public.credit_batches (owner_type,owner_id,original_amount,remaining_amount,expires_at,source_type,granted_at) select 'user', id, 10, 4,'2031-03-20','purchase','2031-01-01' from public.profiles;
insert into public.credit_consumption_log(user_id,quantity,source_type,consumed_at) select id, 15,'plan','2031-03-05' from public.profiles;
insert into public.organizations(name,slug) select 'o','o'||i from generate_series(1,${n}*0.2) i;
insert into public.org_platform_tiers(id,name,slug,credit_allowance) values ('00000000-0000-4000-8000-000000000002','t','t',100);
insert into public.org_platform_subscriptions(organization_id,tier_id) select id,'00000000-0000-4000-8000-000000000002' from public.organizations;
insert into public.credit_batches (owner_type,owner_id,original_amount,remaining_amount,expires_at,source_type,granted_at) select 'org', id, 100, 60,'2031-04-01','subscription','2031-03-01' from public.organizations;
`);
await sql`analyze`;
await sql.unsafe("load 'auto_explain'; set auto_explain.log_min_duration=0; set auto_explain.log_nested_statements=on; set auto_explain.log_level=notice; set client_min_messages=notice").simple();
class Undo extends Error{}
async function undone(f:(s:any)=>Promise<void>){try{await sql.begin(async s=>{await f(s);throw new Undo()})}catch(e){if(!(e instanceof Undo))throw e}}
for (const explain of [false]) {
  await sql.unsafe(`set auto_explain.log_min_duration=${explain?0:-1}`);
  notices=[];
  await undone(async s=>{
    const t=performance.now();
    const [r]=await s`select to_jsonb(public.run_credit_maintenance(p_now=>'2031-04-01T00:10Z')) r`;
    console.log(explain, Math.round(performance.now()-t),"ms",JSON.stringify(r.r));
  });
  const c=new Map<string,number>();
  for(const m of notices){const q=(m.match(/Query Text:\s*([\s\S]{0,160})/)?.[1]??m.slice(0,80)).replace(/\s+/g," ");c.set(q,(c.get(q)??0)+1)}
  for(const [q,k] of c)console.log(k,q.slice(0,150));
}
await sql.end(); await server.unsafe("drop database hm with (force)"); await server.end();

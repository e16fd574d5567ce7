import { openDatabase } from "./stack/database.ts";
const d = await openDatabase({ db: Deno.args[0], seed: false });
await d.close();
Deno.exit(0);

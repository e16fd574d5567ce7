import { StackError } from "../../stack/errors.ts";
import { CACHE_DIR } from "../../stack/paths.ts";

const LOG = `${CACHE_DIR}/deploy.log`;

/**
 * Runs `deno task ok` in a checkout. Nothing of the project it deploys to is passed on: the tests would run
 * against it.
 *
 * @throws {StackError} when it fails
 */
export async function checkCommit(root: string, log = LOG): Promise<void> {
  const env = Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      !/SUPABASE|^(?:DB_URL|PUBLISHABLE_KEY|SECRET_KEY)$/.test(name)
    ),
  );
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "ok"],
    cwd: root,
    clearEnv: true,
    env,
  }).output();
  await Deno.mkdir(log.slice(0, log.lastIndexOf("/")), { recursive: true });
  using file = await Deno.create(log);
  await file.write(stdout);
  await file.write(stderr);
  if (!success) throw new StackError(`deno task ok fails: ${log}`);
}

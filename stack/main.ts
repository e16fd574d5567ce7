import { demoCalendarUrl } from "./calendar_url.ts";
import { readConfig } from "./config.ts";
import { StackError } from "./errors.ts";
import { HELP, parseOptions } from "./options.ts";
import { toJson, toText } from "./print.ts";
import { quietRefusals } from "./rest_errors.ts";
import { startStack } from "./stack.ts";

/** What is being answered may take this long after Ctrl-C; a second one ends it at once. */
const GRACE_MILLISECONDS = 5_000;
const INTERRUPTED = 130;

const stopped = Promise.withResolvers<void>();
let stoppable = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, stop);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  if (!(error instanceof StackError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}

function stop(): void {
  if (!stoppable) Deno.exit(INTERRUPTED);
  stoppable = false;
  stopped.resolve();
}

async function stopWithInput(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
  stop();
}

async function main(args: string[]): Promise<number> {
  const config = await readConfig();
  const options = parseOptions(args, config.api.port);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  if (options.attached) void stopWithInput();
  // lite hashes with bcrypt at cost 10; local passwords protect nothing, and tests sign up hundreds.
  Deno.env.set("LITE_AUTH_BCRYPT_COST", "4");
  quietRefusals();

  const started = performance.now();
  const stack = await startStack(config, {
    ...options,
    progress: (line) => console.error(`  ${line}`),
  });
  stoppable = true;
  const calendarUrl = options.seed
    ? await demoCalendarUrl(stack.url)
    : undefined;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.error(`  ready in ${seconds} s`);
  const print = options.json
    ? toJson(stack, calendarUrl)
    : toText(stack, calendarUrl, options.seed);
  console.log(print);

  await stopped.promise;
  setTimeout(() => Deno.exit(INTERRUPTED), GRACE_MILLISECONDS);
  await stack.close();
  return 0;
}

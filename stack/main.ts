import { runCli } from "./cli.ts";
import { demoCalendarUrl } from "./calendar_url.ts";
import { readConfig } from "./config.ts";
import { HELP, parseOptions } from "./options.ts";
import { toJson, toText } from "./print.ts";
import { quietRefusals } from "./rest_errors.ts";
import { startStack } from "./stack.ts";

/** What is being answered may take this long after Ctrl-C. */
const GRACE_MILLISECONDS = 5_000;

/** Windows has no SIGTERM to listen for. */
const SIGNALS: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

await runCli(main);

async function main(args: string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  // lite hashes with bcrypt at cost 10; local passwords protect nothing, and tests sign up hundreds.
  Deno.env.set("LITE_AUTH_BCRYPT_COST", "4");
  quietRefusals();

  const config = await readConfig();
  const stack = await startStack(config, {
    ...options,
    port: options.port ?? config.api.port,
    progress: (line) => console.error(`  ${line}`),
  });
  const stopped = stopSignal(options.attached);
  const calendarUrl = options.seed
    ? await demoCalendarUrl(stack.url)
    : undefined;
  console.log(
    options.json ? toJson(stack, calendarUrl) : toText(stack, calendarUrl),
  );

  await stopped;
  setTimeout(() => Deno.exit(1), GRACE_MILLISECONDS);
  await stack.close();
  return 0;
}

/**
 * Resolves when it is time to stop. Until this is called a signal ends the process at once, even
 * within a long migration: PGlite blocks this thread, so no handler would run.
 */
function stopSignal(attached: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of SIGNALS) {
    const first = () => {
      Deno.removeSignalListener(signal, first); // a second one ends it at once
      resolve();
    };
    Deno.addSignalListener(signal, first);
  }
  if (attached) void endOf(Deno.stdin.readable).then(resolve);
  return promise;
}

async function endOf(stream: ReadableStream<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

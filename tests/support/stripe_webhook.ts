import { type Gateway, startGateway } from "./stripe_gateway.ts";
import { startStripeApi, type StripeApi } from "./stripe_api.ts";
import { StripeAccount } from "./stripe_account.ts";

/** Ten days ago, at midnight: what Stripe tells of has happened. */
export const START = Math.floor(Date.now() / 86_400_000) * 86_400 - 864_000;

/** What a test of stripe-webhook works with. */
export interface Surroundings {
  gateway: Gateway;
  api: StripeApi;
  /** A new Stripe account, whose objects the stand-in of the API knows. */
  account(tick?: number): StripeAccount;
}

let opening: Promise<Surroundings> | undefined;

/** A test of stripe-webhook through a gateway that the tests of a file share. */
export function webhookTest(
  name: string,
  run: (surroundings: Surroundings) => Promise<void>,
): void {
  Deno.test({
    name,
    // the gateway outlives the test that happens to open it
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => await run(await (opening ??= open())),
  });
}

Deno.test.afterAll(async () => {
  const shared = await opening;
  opening = undefined;
  await shared?.gateway[Symbol.asyncDispose]();
  await shared?.api[Symbol.asyncDispose]();
});

async function open(): Promise<Surroundings> {
  const api = startStripeApi();
  const gateway = await startGateway(api.url);
  return {
    api,
    gateway,
    account: (tick) => new StripeAccount(START, tick, api.objects),
  };
}

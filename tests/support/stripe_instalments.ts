import type { Owner } from "./credits.ts";
import { StripeAccount } from "./stripe_account.ts";
import { SubscriptionLife } from "./stripe_subscriptions.ts";
import { givenPackage, givenUser, instalmentMetadata } from "./stripe_world.ts";

/** An instalment plan whose first payment is still to come: 300 credits for 30,000, in three payments. */
export async function givenInstalments(
  { now, user, ...values }: {
    now: number;
    user?: Owner;
    count?: number;
    credits?: number;
    total?: number;
  },
) {
  const account = new StripeAccount(now, 60);
  const buyer = user ?? await givenUser();
  const { credits = 300 } = values;
  const metadata = instalmentMetadata({
    user: buyer,
    packageId: await givenPackage(credits),
    credits,
    total: 30_000,
    count: 3,
    expiresAt: "2099-01-01T00:00:00Z",
    ...values,
  });
  const life = new SubscriptionLife(account, {
    price: "price_of_instalments",
    metadata: metadata.subscription,
  });
  return { account, user: buyer, metadata, life };
}

import * as z from "zod/mini";
import { requireSecret } from "../_shared/auth.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";

/** A run over every organisation takes its time; the platform ends a request after 150 s. */
const TIMEOUT_MS = 140_000;

const CHECK = z.object({
  alerts: z.array(z.json()),
  errors: z.array(z.json()),
});

/**
 * `POST` with the secret key → `{ success, alertsSent, alerts, errors }`: the organisations whose admins
 * were told just now, and those where that failed. pg_cron runs the same SQL function daily.
 */
export default endpoint({
  name: "check-org-seat-limits",
  methods: ["POST"],
  authenticate: requireSecret,
  async handle({ now, meter }) {
    const { alerts, errors } = CHECK.parse(
      await asService(meter, TIMEOUT_MS).call("check_org_seat_limits", {
        p_now: now.toISOString(),
      }),
    );
    return Response.json({
      success: errors.length === 0,
      alertsSent: alerts.length,
      alerts,
      errors,
    });
  },
});

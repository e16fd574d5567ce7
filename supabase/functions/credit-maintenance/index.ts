import * as z from "zod/mini";
import { requireSecret } from "../_shared/auth.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";

/** A run over every owner takes its time; the platform ends a request after 150 s. */
const TIMEOUT_MS = 140_000;

const PARTS = ["grant", "rollover", "expire", "cleanup", "stats"] as const;

/**
 * `POST { action: all | grant | expire | rollover | cleanup | stats }` with the secret key → what the
 * SQL function of the same name did. pg_cron runs it daily; this is for an operator. All or nothing:
 * a part that fails is a 500, and nothing is half done. Owners whose rows are wrong are set aside, and counted.
 */
export default endpoint({
  name: "credit-maintenance",
  methods: ["POST"],
  authenticate: requireSecret,
  input: z.object({ action: z._default(z.enum(["all", ...PARTS]), "all") }),
  async handle({ input: { action }, now, meter }) {
    const run = await asService(meter, TIMEOUT_MS).call(
      "run_credit_maintenance",
      {
        p_actions: action === "all" ? [...PARTS] : [action],
        p_trigger: "http",
        p_now: now.toISOString(),
      },
    );
    switch (run.outcome) {
      case "ok":
        return Response.json({
          success: true,
          action,
          results: run.results,
          set_aside: run.set_aside,
          run_id: run.run_id,
          timestamp: now.toISOString(),
        });
      case "already_running":
        return new Refusal("already_running", undefined, {
          "Retry-After": "60",
        });
      default: // the cause is in maintenance_runs, and may hold data
        return new Refusal("maintenance_failed");
    }
  },
});

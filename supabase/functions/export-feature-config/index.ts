import * as z from "zod/mini";
import { requireAdmin } from "../_shared/auth.ts";
import { asUser } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";

const EXPORT = z.object({
  code: z.enum(["ok", "forbidden"]),
  export: z.optional(z.record(z.string(), z.unknown())),
});

/**
 * `POST { exportType: feature-assignments | credit-config }` as a platform admin → the export as a JSON
 * file, with keys and names in place of ids. The same rows give the same bytes but for `exportedAt`.
 * `deno task feature-config --check <file>` compares one with a database.
 */
export default endpoint({
  name: "export-feature-config",
  methods: ["POST"],
  authenticate: requireAdmin,
  input: z.object({
    exportType: z.enum(["feature-assignments", "credit-config"]),
  }),
  async handle({ caller, input: { exportType }, now, meter }) {
    const answer = EXPORT.parse(
      await asUser(caller.token, meter).call("export_feature_config", {
        p_type: exportType,
      }),
    );
    if (answer.code === "forbidden") {
      return new Refusal("forbidden");
    }
    const file = `${exportType}-${now.toISOString().slice(0, 10)}.json`;
    return new Response(JSON.stringify(answer.export, null, 2) + "\n", {
      headers: {
        "Content-Type": "application/json",
        "Content-Disposition": `attachment; filename="${file}"`,
        "Cache-Control": "no-store",
      },
    });
  },
});

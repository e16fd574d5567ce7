import { callerOf, isAdmin } from "../_former/caller.ts";
import { answering, userClient } from "../_former/client.ts";
import { readAssignments } from "./assignments.ts";
import { readCredits } from "./credits.ts";

/**
 * How export-feature-config used to work: who calls, whether as an admin, and a query a table with the
 * caller's own rights, nine for the features and five for the credits, of at most 1,000 rows each. Whether
 * they were made one after the other is not known; they are made at once here.
 */
export default {
  fetch: (request: Request) => answering(() => exportConfig(request)),
};

async function exportConfig(request: Request): Promise<Response> {
  const client = userClient(request);
  const user = await callerOf(client, request);
  if (!await isAdmin(client, user.id)) {
    const error = "Forbidden: Admin access required";
    return Response.json({ error }, { status: 403 });
  }
  const { exportType } = await request.json();
  const read = exportType === "credit-config" ? readCredits : readAssignments;
  const now = new Date().toISOString();
  const body = {
    exportedAt: now,
    exportedBy: user.email,
    type: exportType,
    ...await read(client),
  };
  const file = `${exportType}-${now.slice(0, 10)}.json`;
  return new Response(JSON.stringify(body, null, 2), {
    headers: {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="${file}"`,
    },
  });
}

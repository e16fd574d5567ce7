import * as z from "zod/mini";
import { requireAdmin } from "../_shared/auth.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { UserId } from "../_shared/fields.ts";
import { setBan } from "./ban.ts";
import { deleteUser } from "./delete.ts";

/**
 * `POST { userId, action: delete | disable | enable }` as a platform admin → `{ success, message }`, and
 * for a deletion `done` and `left_behind`. Never the own account; 10 a minute an admin; in the audit log.
 */
export default endpoint({
  name: "delete-user",
  methods: ["POST"],
  authenticate: requireAdmin,
  input: z.object({
    userId: UserId,
    action: z.enum(["delete", "disable", "enable"]),
  }),
  async handle({ caller, input: { userId, action }, now, meter }) {
    const { id: actorId, sessionId } = caller;
    if (sessionId === null) return new Refusal("unauthorized");
    const asked = { actorId, sessionId, userId };
    const answer = action === "delete"
      ? await deleteUser(asked, now, meter)
      : await setBan(asked, action, now, meter);
    return answer instanceof Refusal
      ? answer
      : Response.json({ success: true, ...answer });
  },
});

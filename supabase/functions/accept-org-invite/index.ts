import * as z from "zod/mini";
import { requireUser } from "../_shared/auth.ts";
import { asUser } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { refusalOf } from "../_shared/errors.ts";

/** What a person who is in now is told, by the code that accept_org_invite answers. */
const MESSAGES = new Map([
  ["accepted", (name: string) => `Welcome to ${name}`],
  ["reactivated", (name: string) => `Welcome back to ${name}`],
  ["already_member", () => "You are already a member of this organization"],
]);

/**
 * `POST { invite_token, link_existing_account? }` as a signed-in user →
 * `{ success, code, message, organization: { id, name }, linked_existing_account }`.
 * Membership, consent row and invitation together, or not at all.
 */
export default endpoint({
  name: "accept-org-invite",
  methods: ["POST"],
  authenticate: requireUser,
  input: z.object({
    invite_token: z.string().check(
      z.regex(/^[a-z0-9-]{10,100}$/i, "Invalid invite_token format"),
    ),
    link_existing_account: z.optional(z.nullable(z.boolean())),
  }),
  async handle({ caller, input, meter }) {
    const { code, organization_id, organization_name } = await asUser(
      caller.token,
      meter,
    ).call("accept_org_invite", { p_token: input.invite_token });
    const message = MESSAGES.get(code ?? "");
    if (message === undefined) return refusalOf({ code });
    if (organization_name === null) {
      throw new TypeError("accept_org_invite answered without an organisation");
    }
    return Response.json({
      success: true,
      code,
      message: message(organization_name),
      organization: { id: organization_id, name: organization_name },
      linked_existing_account: input.link_existing_account ?? false,
    });
  },
});

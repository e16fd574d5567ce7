import {
  bodyOf,
  type Bookable,
  givenBookable,
  givenEventType,
  sign,
} from "../../tests/support/calcom.ts";
import { givenModule } from "../../tests/support/rows.ts";
import type { Send } from "../contest.ts";
import { expecting } from "../request.ts";
import { webhook } from "./webhook.ts";

/** `BOOKING_CREATED` of a client's 1:1 session, each of another module. */
export const calcomWebhook = webhook({
  name: "calcom-webhook",
  event: "BOOKING_CREATED",
  given: givenBookable,
  delivery,
});

async function delivery(name: string, bookable: Bookable): Promise<Send> {
  const { module, common } = bookable;
  const program = { id: module.programId };
  const { id } = await givenModule({ program, module_type: "coaching" });
  const { eventTypeId } = await givenEventType({
    default_program_id: program.id,
    default_module_id: id,
  });
  const body = JSON.stringify(bodyOf({ ...common, eventTypeId }));
  return expecting(200, `/functions/v1/${name}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Cal-Signature-256": await sign(body),
    },
    body,
  });
}

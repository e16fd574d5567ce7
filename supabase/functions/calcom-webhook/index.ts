import { readBytes } from "../_shared/body.ts";
import { asService } from "../_shared/database.ts";
import { endpoint } from "../_shared/endpoint.ts";
import { Refusal } from "../_shared/errors.ts";
import { webhookSecrets } from "../_shared/webhook_secrets.ts";
import { readDelivery } from "./delivery.ts";
import { isSigned } from "./signature.ts";

const BODY_LIMIT = 256 * 1024;
const signingSecrets = () => webhookSecrets("CALCOM_WEBHOOK_SECRET");

/**
 * `POST` of Cal.com, signed with one of CALCOM_WEBHOOK_SECRET →
 * `{ success, processed, event, booking_uid, session_id, status }`. What may pass is a 500 or 503 and
 * leaves nothing behind; what would fail again is kept for review and is a 200.
 */
export default endpoint({
  name: "calcom-webhook",
  methods: ["POST"],
  configure: signingSecrets,
  async handle({ request, now, meter }) {
    const body = await readBytes(request, BODY_LIMIT);
    if (body instanceof Refusal) return body;
    const signature = request.headers.get("X-Cal-Signature-256");
    if (!await isSigned(body, signature, signingSecrets())) {
      return new Refusal("unauthorized", "Invalid signature");
    }

    const delivery = readDelivery(body);
    if ("ping" in delivery) {
      return Response.json({ success: true, processed: false, event: "PING" });
    }
    const database = asService(meter);
    if ("reason" in delivery) {
      await database.call("log_calcom_refusal", {
        p_event_type: delivery.trigger ?? "unknown",
        p_reason: delivery.reason,
        p_keys: delivery.keys,
      });
      return new Refusal("unsupported_payload");
    }

    const { status, booking_uid, session_id, missing } = await database.call(
      "apply_calcom_event",
      { p_event: delivery.event, p_now: now.toISOString() },
    );
    return Response.json({
      success: true,
      processed: status !== "review" && status !== "ignored",
      event: delivery.event.trigger,
      booking_uid,
      session_id,
      status,
      ...(status === "review" ? { missing } : {}),
    });
  },
});

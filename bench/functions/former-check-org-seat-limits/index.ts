import { secretKey } from "../../../supabase/functions/_shared/env.ts";
import {
  answering,
  must,
  rowsOf,
  type ServiceClient,
  serviceClient,
} from "../_former/client.ts";
import { sendMail } from "../_former/mail.ts";

/** Of an organisation. */
interface Seats {
  organizationName: string;
  usedSeats: number;
  maxSeats: number;
  percentUsed: number;
}

/**
 * How check-org-seat-limits used to work: the active organisations, of each the seats taken and the
 * maximum, and where 80 per cent are taken the admins, their addresses, and a mail to one after the
 * other; every time anew. The two calls an organisation are made at once here, which is not known of the
 * original. It looked for the addresses among the first 50 users of the Auth admin API, where most admins
 * are not; here they are read from `profiles`, so that there is somebody to write to.
 */
export default {
  fetch: (request: Request) => answering(() => check(request)),
};

async function check(request: Request): Promise<Response> {
  if (request.headers.get("apikey") !== secretKey()) {
    return Response.json({ error: "Unauthorized" }, { status: 401 });
  }
  const client = serviceClient();
  const organizations = rowsOf(
    await client.from("organizations").select("id, name").eq("is_active", true),
  );
  const alerts: Seats[] = [];
  for (const { id, name } of organizations) {
    const [usedSeats, maxSeats] = (await Promise.all([
      client.rpc("get_org_sponsored_seat_count", { p_organization_id: id }),
      client.rpc("get_org_max_sponsored_seats", { p_organization_id: id }),
    ])).map((answer) => must(answer));
    if (!usedSeats || !maxSeats) continue;
    const percentUsed = Math.round(100 * usedSeats / maxSeats);
    if (percentUsed < 80) continue;
    const seats = { organizationName: name, usedSeats, maxSeats, percentUsed };
    await tell(client, id, seats);
    alerts.push(seats);
  }
  return Response.json({
    success: true,
    alertsSent: alerts.length,
    alerts,
    errors: [],
  });
}

async function tell(
  client: ServiceClient,
  organizationId: string,
  { organizationName, usedSeats, maxSeats, percentUsed }: Seats,
): Promise<void> {
  const admins = rowsOf(
    await client.from("organization_members").select("user_id")
      .eq("organization_id", organizationId).eq("role", "org_admin")
      .eq("is_active", true),
  );
  const people = rowsOf(
    await client.from("profiles").select("email, name")
      .in("id", admins.map(({ user_id }) => user_id)),
  );
  for (const { email, name } of people) {
    await sendMail({
      to: email ?? "",
      subject: `${organizationName}: ${percentUsed} % of the seats are taken`,
      html: `<p>Hello ${name},</p><p>${usedSeats} of ${maxSeats}.</p>`,
    });
  }
}

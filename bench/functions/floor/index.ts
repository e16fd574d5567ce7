import { asService } from "../../../supabase/functions/_shared/database.ts";
import { endpoint } from "../../../supabase/functions/_shared/endpoint.ts";

/** Nobody's. */
const USER = "00000000-0000-4000-8000-000000000000";

/**
 * The least that a function of this repository can do: one call of a trivial SQL function through the
 * same wrapper and the same client. It goes by the feed's name, since `endpoint` knows the registered
 * ones only.
 */
export default endpoint({
  name: "calendar-feed",
  methods: ["GET"],
  async handle({ meter }) {
    const isAdmin = await asService(meter).call("has_role", {
      _user_id: USER,
      _role: "admin",
    });
    return Response.json(isAdmin);
  },
});

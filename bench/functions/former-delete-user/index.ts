import { callerOf, isAdmin } from "../_former/caller.ts";
import { answering, must, serviceClient } from "../_former/client.ts";

/** A hundred years. */
const FOR_EVER = "876000h";

/**
 * How delete-user used to work: who calls, whether as an admin, and one call of the Auth admin API, after
 * disabling one to the profile as well. Nothing was recorded, and whatever has no foreign key to the user
 * stayed. Left out: the limit, which was counted in memory.
 */
export default {
  fetch: (request: Request) => answering(() => act(request)),
};

async function act(request: Request): Promise<Response> {
  const client = serviceClient();
  const caller = await callerOf(client, request);
  if (!await isAdmin(client, caller.id)) {
    const error = "Unauthorized: Admin access required";
    return Response.json({ error }, { status: 403 });
  }
  const { userId, action } = await request.json();
  const { admin } = client.auth;
  if (action === "disable") {
    must(await admin.updateUserById(userId, { ban_duration: FOR_EVER }));
    must(
      await client.from("profiles").update({ is_disabled: true })
        .eq("id", userId),
    );
  } else {
    must(await admin.deleteUser(userId));
  }
  return Response.json({
    success: true,
    message: `User ${action}d successfully`,
  });
}

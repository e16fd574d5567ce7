import * as z from "zod/mini";
import { parseDuration } from "./duration.ts";
import { AuthError } from "./errors.ts";

const metadata = z.optional(z.nullable(z.record(z.string(), z.unknown())));
const text = z.optional(z.nullable(z.string()));

const AdminUserParams = z.object({
  id: text,
  aud: text,
  role: text,
  email: text,
  phone: text,
  password: text,
  password_hash: text,
  email_confirm: z.optional(z.nullable(z.boolean())),
  phone_confirm: z.optional(z.nullable(z.boolean())),
  user_metadata: metadata,
  app_metadata: metadata,
  ban_duration: text,
});

const DeleteParams = z.object({ should_soft_delete: z.optional(z.boolean()) });

/** The body of a create or an update, checked; `ban` is in seconds, 0 lifts one. */
export type AdminUserParams = z.infer<typeof AdminUserParams> & {
  ban: number | undefined;
};

/**
 * Reads and checks the body of a create or an update.
 *
 * @throws {AuthError} as GoTrue refuses it (internal/api/admin.go)
 */
export async function readParams(
  request: Request,
  minimumPasswordLength: number,
): Promise<AdminUserParams> {
  const params = AdminUserParams.safeParse(await readJson(request));
  if (!params.success) throw notJson(z.prettifyError(params.error));
  const { email, phone, password, ban_duration } = params.data;
  return {
    ...params.data,
    email: email && validEmail(email),
    phone: phone && validPhone(phone),
    password: password && strongPassword(password, minimumPasswordLength),
    ban: ban_duration ? validBan(ban_duration) : undefined,
  };
}

/** Whether a delete asks for a soft one. An empty body does not. */
export async function readSoftDelete(request: Request): Promise<boolean> {
  const params = DeleteParams.safeParse(
    request.body ? await readJson(request, {}) : {},
  );
  if (!params.success) throw notJson(z.prettifyError(params.error));
  return params.data.should_soft_delete ?? false;
}

async function readJson(request: Request, empty?: unknown): Promise<unknown> {
  const body = await request.text();
  if (body === "" && empty !== undefined) return empty;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error));
  }
}

function notJson(reason: string): AuthError {
  return new AuthError(
    400,
    "bad_json",
    `Could not parse request body as JSON: ${reason}`,
  );
}

function validEmail(email: string): string {
  if (email.length <= 255 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    return email.toLowerCase();
  }
  throw new AuthError(
    400,
    "validation_failed",
    "Unable to validate email address: invalid format",
  );
}

function validPhone(phone: string): string {
  const digits = phone.replace("+", "").replaceAll(" ", "");
  if (/^[1-9]\d{1,14}$/.test(digits)) return digits;
  throw new AuthError(
    400,
    "validation_failed",
    "Invalid phone number format (E.164 required)",
  );
}

function strongPassword(password: string, minimumLength: number): string {
  if (new TextEncoder().encode(password).length > 72) {
    throw new AuthError(
      400,
      "validation_failed",
      "Password cannot be longer than 72 characters",
    );
  }
  if (password.length >= minimumLength) return password;
  throw new AuthError(
    422,
    "weak_password",
    `Password should be at least ${minimumLength} characters.`,
    { weak_password: { reasons: ["length"] } },
  );
}

function validBan(text: string): number {
  const seconds = text === "none" ? 0 : parseDuration(text);
  if (seconds !== undefined) return seconds;
  const reason = `time: invalid duration ${JSON.stringify(text)}`;
  throw new AuthError(
    400,
    "validation_failed",
    `invalid format for ban duration: ${reason}`,
  );
}

import * as z from "zod/mini";

/** The longest address that SMTP can carry (RFC 5321 §4.5.3.1.3, erratum 1690). */
const LONGEST_ADDRESS = 254;

/** An e-mail address, as Auth keeps it: trimmed, in lower case. */
export const Email = z.string().check(
  z.trim(),
  z.toLowerCase(),
  z.email("not an e-mail address"),
  z.maxLength(LONGEST_ADDRESS),
);

/** A password as a user has it; the bound keeps bcrypt from being fed megabytes. */
export const Password = z.string().check(z.minLength(1), z.maxLength(256));

/** A password to be set: 8 to 128 characters, with a small and a capital letter, a digit and another one. */
export const NewPassword = z.string().check(
  z.minLength(8, "at least 8 characters"),
  z.maxLength(128, "at most 128 characters"),
  z.regex(/[a-z]/, "a lower case letter is missing"),
  z.regex(/[A-Z]/, "an upper case letter is missing"),
  z.regex(/\d/, "a digit is missing"),
  z.regex(/[^A-Za-z\d]/, "a special character is missing"),
);

/** A user's id. */
export const UserId = z.guid("not a UUID");

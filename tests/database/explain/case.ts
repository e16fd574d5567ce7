import { id, STAFF } from "./fill.ts";

/** One ordinary request, in the steady state. */
export interface Case {
  /** The function or view of the schema public that it calls, or what happens. */
  of: string;
  /** Which of several cases. */
  what?: string;
  /** Whose call it is: the service role's, a signed-in user's by id, or that of the tables' owner. */
  as: "service_role" | "owner" | { user: string };
  /** What has to be there besides the rows of `fill`, by the owner of the tables. */
  before?: string;
  call: string;
  /** What the answer, as JSON, has to contain: a refusal would show no plan worth reading. */
  answers?: string;
}

const user = (n: number) => id("auth.users", n);

/** Whom `fill` gave the client. */
const COACH_NUMBER = 5_000 % STAFF + 1;

/** A client with one row in each table. */
export const CLIENT = user(5_000);
/** Another one. */
export const OTHER = user(5_001);
/** The client's coach. */
export const COACH = user(COACH_NUMBER);
export const COACH_ADDRESS = `user${COACH_NUMBER}@example.com`;
/** A platform admin. */
export const ADMIN = user(5);
/** The client's organisation. */
export const ORGANIZATION = id("public.organizations", 5_000);
/** Somebody who signed up just now, has nothing yet, and is made by SIGN_UP. */
export const NEW = "'00000000-0000-4000-8000-000000000001'::uuid";
export const SIGN_UP = `insert into auth.users (id, email, email_confirmed_at)
  values (${NEW}, 'new@example.com', now());`;

/** What a case is called. */
export function nameOf({ of, what }: Case): string {
  return what ? `${of}, ${what}` : of;
}

/** A case of the service role's. */
export function service(
  of: string,
  call: string,
  more: Partial<Case> = {},
): Case {
  return { of, as: "service_role", call, ...more };
}

/** A case of a signed-in user's: the client's unless told. */
export function signedIn(
  of: string,
  call: string,
  { by = CLIENT, ...more }: Partial<Case> & { by?: string } = {},
): Case {
  return { of, as: { user: by }, call, ...more };
}

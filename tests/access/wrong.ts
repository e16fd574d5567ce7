import type { Access } from "../../supabase/functions/_shared/access.ts";
import type { ErrorCode } from "../../supabase/functions/_shared/errors.ts";
import { api } from "../support/stack.ts";
import {
  expired,
  foreign,
  resigned,
  tampered,
  unsigned,
} from "../support/tokens.ts";
import type { Cast } from "./cast.ts";

/** A request that must be refused. */
export interface Wrong {
  what: string;
  headers?: (cast: Cast) =>
    | Record<string, string>
    | Promise<
      Record<string, string>
    >;
  /** What follows the function's name in the address; the sample's where nothing is given. */
  path?: (cast: Cast) => string | Promise<string>;
  code: ErrorCode;
}

const apikey = api.publishableKey;
const bearer = (token: string) => ({
  apikey,
  Authorization: `Bearer ${token}`,
});

/** The right credential of each mode; a link, a token and a signature come with the sample. */
export const RIGHT: Partial<
  Record<Access, (cast: Cast) => Record<string, string>>
> = {
  user: ({ user }) => bearer(user.token),
  admin: ({ admin }) => bearer(admin.token),
  secret: () => ({ apikey: api.secretKey }),
};

const NOT_SIGNED_IN = ([
  { what: "nothing", headers: () => ({}) },
  { what: "the publishable key alone", headers: () => ({ apikey }) },
  { what: "the secret key alone", headers: () => ({ apikey: api.secretKey }) },
  { what: "the publishable key as bearer", headers: () => bearer(apikey) },
  { what: "the secret key as bearer", headers: () => bearer(api.secretKey) },
  { what: "what is no token", headers: () => bearer("nonsense") },
  {
    what: "another scheme",
    headers: ({ user }) => ({ apikey, Authorization: `Basic ${user.token}` }),
  },
  {
    what: "an expired token",
    headers: ({ user }) => bearer(expired(user.token)),
  },
  {
    what: "a token made somebody else's",
    headers: ({ user, other }) =>
      bearer(tampered(other.token, { sub: user.id })),
  },
  {
    what: "a token without a signature",
    headers: ({ user }) => bearer(unsigned(user.token)),
  },
  {
    what: "another project's token, under this one's key id",
    headers: async ({ user }) => bearer(await foreign(user.token)),
  },
  {
    what: "another project's token, under its own key id",
    headers: async ({ user }) => bearer(await foreign(user.token, "theirs")),
  },
  {
    what: "a token of the role service_role",
    headers: ({ user }) =>
      bearer(resigned(user.token, { role: "service_role" })),
  },
  {
    what: "a token of the role anon",
    headers: ({ user }) => bearer(resigned(user.token, { role: "anon" })),
  },
  {
    what: "an anonymous visitor's token",
    headers: ({ user }) => bearer(resigned(user.token, { is_anonymous: true })),
  },
] satisfies Omit<Wrong, "code">[])
  .map((wrong): Wrong => ({ ...wrong, code: "unauthorized" }));

const NOT_WELCOME: Wrong[] = [
  {
    what: "a disabled user's token",
    headers: ({ tokens }) => bearer(tokens.disabled),
    code: "account_disabled",
  },
  {
    what: "a deleted user's token",
    headers: ({ tokens }) => bearer(tokens.deleted),
    code: "account_disabled",
  },
];

/** What each mode refuses, and how. */
export const WRONG: Record<Access, Wrong[]> = {
  user: [...NOT_SIGNED_IN, ...NOT_WELCOME],
  admin: [...NOT_SIGNED_IN, ...NOT_WELCOME, {
    what: "the token of a user who is no admin",
    headers: ({ user }) => bearer(user.token),
    code: "forbidden",
  }],
  secret: [
    ...NOT_SIGNED_IN.filter(({ what }) => what !== "the secret key alone"),
    {
      what: "a made-up secret key",
      headers: () => ({ apikey: "sb_secret_of-somebody-else" }),
      code: "unauthorized",
    },
    {
      what: "an admin's token",
      headers: ({ admin }) => bearer(admin.token),
      code: "unauthorized",
    },
    {
      what: "an admin's token as apikey",
      headers: ({ admin }) => ({ apikey: admin.token }),
      code: "unauthorized",
    },
  ],
  link: [],
  token: [],
  stripe_signature: [],
  calcom_signature: [],
};
